/**
 * What an org says of itself, kept between runs: a sign-in then begins without asking for it.
 *
 * @module
 */

import { isSecureUrl } from "../../settings/sign_in_address.ts";
import type { Clock } from "../../ports.ts";
import type { AccountStateFile } from "../../store/account_state.ts";
import type { RememberedOrg } from "../client/client.ts";

/** An org may move to Identity Engine, or get another domain. */
const BELIEVED_MILLISECONDS = 7 * 24 * 3600 * 1000;

/** @param org Its origin. */
export function rememberedOrg(
  state: AccountStateFile,
  clock: Clock,
  org: string,
): RememberedOrg {
  return {
    async read() {
      const stored = (await state.read()).org;
      if (stored === undefined || stored.org !== org) return undefined;
      const age = clock.now() - stored.asked;
      if (age < 0 || age > BELIEVED_MILLISECONDS) return undefined;
      const origins = stored.origins.filter((origin) => {
        const url = URL.parse(origin);
        return url !== null && isSecureUrl(url);
      });
      return { pipeline: stored.pipeline, origins };
    },
    async write({ pipeline, origins }) {
      if (pipeline === undefined) return;
      await state.change({ org: { org, asked: clock.now(), pipeline, origins } });
    },
  };
}
