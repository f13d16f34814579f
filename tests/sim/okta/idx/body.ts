/** The answers of Identity Engine. */

import { oktaTime } from "../../clock.ts";
import type { SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { authenticatorsOf } from "./authenticators.ts";
import { enrolled, listed } from "./current.ts";
import { form, ion, ionResponse, type Members, mintHandle } from "./ion.ts";
import { stepOf } from "./steps.ts";
import type { IdxTransaction } from "./transaction.ts";

function personMembers(user: SimUser): Members {
  const all = authenticatorsOf(user);
  const { firstName, lastName } = user;
  const profile = { firstName, lastName, timeZone: "America/Los_Angeles", locale: "en_US" };
  return {
    authenticators: ion(all.map((one) => listed(one))),
    authenticatorEnrollments: ion(all.map((one) => enrolled(one))),
    user: ion({ id: user.id, identifier: user.login, profile }),
  };
}

/** The answer for the current step. Messages are shown once. */
export async function showIdx(
  context: OktaContext,
  transaction: IdxTransaction,
  status = 200,
): Promise<Response> {
  transaction.handle = mintHandle(context, transaction);
  const { app, user, messages, expiresAt } = transaction;
  const { remediations, members } = await stepOf(context, transaction);
  const body = {
    version: "1.0.0",
    stateHandle: transaction.handle,
    expiresAt: oktaTime(expiresAt),
    intent: "LOGIN",
    ...(user ? {} : { step: "IDENTIFY" }),
    ...(messages.length > 0 ? { messages: ion(messages) } : {}),
    ...(remediations.length > 0 ? { remediation: ion(remediations) } : {}),
    ...(user ? personMembers(user) : {}),
    ...members,
    cancel: form(context, transaction, "cancel", "/idp/idx/cancel"),
    app: ion({ name: app.name, label: app.label, id: app.id }),
    authentication: ion({ protocol: "SAML2.0", request: {} }),
  };
  transaction.messages = [];
  transaction.fieldMessages = [];
  return ionResponse(body, status);
}
