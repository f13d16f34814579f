import {
  assumeRole,
  type AssumeRoleInput,
  assumeRoleWithSaml,
  type AssumeRoleWithSamlInput,
  callerIdentity,
  type SigningCredentials,
  type StsTransport,
} from "../../src/aws/sts/sts.ts";
import type { AssumedRole, CallerIdentity } from "../../src/aws/sts/sts_response.ts";
import type { StsEndpoint } from "../../src/aws/endpoints.ts";
import type { HttpRequest, HttpResponse } from "../../src/ports.ts";
import { Secret } from "../../src/secret.ts";
import { FakeClock } from "./fake_clock.ts";

export const STS_ENDPOINT: StsEndpoint = {
  url: "https://sts.eu-west-1.amazonaws.com/",
  region: "eu-west-1",
  custom: false,
};

export const STS_USER: SigningCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};

const ROLE = "arn:aws:iam::123456789012:role/team/Dev";

/** Answers in order, the last again and again. */
export function stsTransport(...answers: HttpResponse[]): StsTransport & {
  sent: HttpRequest[];
  clock: FakeClock;
} {
  const sent: HttpRequest[] = [];
  return {
    sent,
    clock: new FakeClock("2024-01-01T12:34:56.789Z"),
    http: {
      send(request) {
        sent.push(request);
        return Promise.resolve(answers[Math.min(sent.length, answers.length) - 1]!);
      },
    },
  };
}

export function redeem(
  answer: HttpResponse,
  input: Partial<AssumeRoleWithSamlInput> = {},
): Promise<AssumedRole> {
  return assumeRoleWithSaml(stsTransport(answer), {
    endpoint: STS_ENDPOINT,
    roleArn: ROLE,
    principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
    samlResponse: new Secret("PHNhbWw+/w=="),
    ...input,
  });
}

export function chain(
  answer: HttpResponse,
  input: Partial<AssumeRoleInput> = {},
): Promise<AssumedRole> {
  return assumeRole(stsTransport(answer), {
    endpoint: STS_ENDPOINT,
    credentials: STS_USER,
    roleArn: ROLE,
    roleSessionName: "jane",
    ...input,
  });
}

export function identify(answer: HttpResponse): Promise<CallerIdentity> {
  return callerIdentity(stsTransport(answer), { endpoint: STS_ENDPOINT, credentials: STS_USER });
}
