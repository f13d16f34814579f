"""botocore: makes the calls that it reads, one JSON document a line. See aws_client.ts."""

import json
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore import xform_name

session = botocore.session.Session()


def call(service, operation, endpoint, params, keys=None):
    keys = keys or {"accessKeyId": "none", "secretAccessKey": "none"}
    client = session.create_client(
        service,
        region_name="eu-west-1",
        endpoint_url=endpoint,
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
        config=Config(retries={"max_attempts": 0}),
    )
    try:
        output = getattr(client, xform_name(operation))(**params)
        metadata = output.pop("ResponseMetadata")
        return {"output": output, "requestId": metadata.get("RequestId")}
    except ClientError as error:
        name = type(error).__name__
        return {
            "error": {
                **({} if name == "ClientError" else {"type": name}),
                "code": error.response["Error"]["Code"],
                "message": error.response["Error"]["Message"],
                "status": error.response["ResponseMetadata"]["HTTPStatusCode"],
                "oauth": error.response.get("error"),
            }
        }


for line in sys.stdin:
    print(json.dumps(call(**json.loads(line)), default=lambda one: one.isoformat()), flush=True)
