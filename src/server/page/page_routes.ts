import type { AppContext } from "../../app/context.ts";
import type { Secret } from "../../secret.ts";
import type { Obtain } from "../credential_service.ts";
import type { HasToken, ServerApp } from "../server_app.ts";
export interface PageParts {
  context: AppContext;
  pageKey: Secret;
  hasToken: HasToken;
  obtain: Obtain;
  listeners: Set<() => void>;
}
export function addPage(_app: ServerApp, _parts: PageParts): void {}
