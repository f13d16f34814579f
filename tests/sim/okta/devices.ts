/**
 * Devices, known by their `DT` cookie, on which a person need not prove a factor again.
 *
 * @module
 */

import type { SimUser } from "../world.ts";
import type { OktaContext } from "./context.ts";

/** Remembers the device where `?rememberDevice=true` asks for it and the policy allows it. */
export function rememberDevice({ world, state, request }: OktaContext, user: SimUser): void {
  const device = request.cookies.get("DT");
  const asked = request.query.get("rememberDevice") === "true";
  if (!asked || !world.policy.allowRememberDevice || device === undefined) return;
  const users = state.rememberedDevices.get(device) ?? new Set();
  state.rememberedDevices.set(device, users.add(user.id));
}

/** @returns Whether the request comes from a device on which the person's factor is remembered. */
export function isRemembered({ state, request }: OktaContext, user: SimUser): boolean {
  const users = state.rememberedDevices.get(request.cookies.get("DT") ?? "");
  return users?.has(user.id) === true;
}
