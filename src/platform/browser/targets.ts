/**
 * The pages, frames and workers of a browser. Each is armed before its first script runs: the browser
 * holds it until we let it go.
 *
 * @module
 */

import { Secret } from "../../secret.ts";
import type { BrowserAnswer, BrowserLaunch, PausedPost } from "../../ports.ts";
import type { Json, ProtocolEvent, ProtocolPipe } from "./pipe.ts";

/** What frames and pages live in. Workers can't post a form, but may fetch. */
const ARMED = ["page", "iframe", "worker", "shared_worker", "service_worker"];

interface PageTarget {
  targetId: string;
  /** A certificate that is not valid. */
  badCertificate: boolean;
}

/** An origin that a header or URL names; `undefined` for opaque ones. */
function originOf(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? "");
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.origin : undefined;
}

/** Watches all targets of one browser. */
export class Targets {
  /** The pages that are open, oldest first, by session. */
  readonly pages = new Map<string, PageTarget>();
  readonly #pipe: ProtocolPipe;
  readonly #options: Pick<BrowserLaunch, "pause" | "onPost">;
  readonly #onEnd: (end: "closed" | "crashed") => void;
  /** The URL of each frame's document, by frame. */
  readonly #frames = new Map<string, string>();

  /** `onEnd` is called when the last page is closed, or one has crashed. */
  constructor(
    pipe: ProtocolPipe,
    options: Pick<BrowserLaunch, "pause" | "onPost">,
    onEnd: (end: "closed" | "crashed") => void,
  ) {
    this.#pipe = pipe;
    this.#options = options;
    this.#onEnd = onEnd;
  }

  async start(): Promise<void> {
    this.#pipe.onEvent = (event) => this.#take(event);
    const attach = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };
    await this.#pipe.send("Target.setAutoAttach", attach);
  }

  #take({ method, params, sessionId = "" }: ProtocolEvent): void {
    switch (method) {
      case "Target.attachedToTarget":
        return this.#arm(params.sessionId, params.targetInfo);
      case "Target.detachedFromTarget":
        if (this.pages.delete(params.sessionId) && this.pages.size === 0) this.#onEnd("closed");
        return;
      case "Inspector.targetCrashed":
        return this.#onEnd("crashed");
      case "Page.frameNavigated":
        this.#frames.set(params.frame.id, params.frame.url);
        return;
      case "Page.frameDetached":
        if (params.reason === "remove") this.#frames.delete(params.frameId);
        return;
      case "Security.visibleSecurityStateChanged": {
        const page = this.pages.get(sessionId);
        const { certificateSecurityState: state } = params.visibleSecurityState;
        if (page !== undefined) page.badCertificate = Boolean(state?.certificateNetworkError);
        return;
      }
      case "Fetch.requestPaused":
        void this.#decide(params, sessionId);
        return;
    }
  }

  #arm(sessionId: string, { type, targetId }: Json): void {
    const tell = (method: string, params?: Json) => this.#pipe.tell(method, params, sessionId);
    if (ARMED.includes(type)) {
      tell("Target.setAutoAttach", {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
      });
      tell("Network.enable", { maxPostDataSize: 1024 * 1024 });
      const patterns = this.#options.pause.map((urlPattern) => ({ urlPattern }));
      tell("Fetch.enable", { patterns });
    }
    if (type === "page" || type === "iframe") tell("Page.enable");
    if (type === "page") {
      this.pages.set(sessionId, { targetId, badCertificate: false });
      tell("Security.enable");
    }
    tell("Runtime.runIfWaitingForDebugger");
  }

  /** A paused request: a form that is posted waits for us, everything else goes on. */
  async #decide(params: Json, sessionId: string): Promise<void> {
    const { requestId, request, frameId, resourceType } = params;
    if (request.method !== "POST" || resourceType !== "Document") {
      const isRead = request.method === "GET" || request.method === "HEAD";
      const [method, more] = isRead
        ? ["Fetch.continueRequest", {}]
        : ["Fetch.failRequest", { errorReason: "BlockedByClient" }];
      return this.#pipe.tell(method, { requestId, ...more }, sessionId);
    }
    const origin = originOf(request.headers.Origin ?? request.headers.origin) ??
      originOf(this.#frames.get(frameId));
    const post: PausedPost = {
      url: request.url,
      origin,
      body: new Secret(await this.#bodyOf(params, sessionId)),
      answer: async (page) => {
        const answer = { requestId, ...fulfilment(page) };
        await this.#pipe.send("Fetch.fulfillRequest", answer, sessionId).catch(() => {});
      },
    };
    this.#options.onPost(post);
  }

  /** Large bodies are left out of the event. */
  async #bodyOf({ request, networkId }: Json, sessionId: string): Promise<string> {
    if (typeof request.postData === "string") return request.postData;
    try {
      const method = "Network.getRequestPostData";
      return (await this.#pipe.send(method, { requestId: networkId }, sessionId)).postData;
    } catch {
      return "";
    }
  }
}

function fulfilment({ status, headers, body }: BrowserAnswer): Json {
  return {
    responseCode: status,
    responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body: new TextEncoder().encode(body).toBase64(),
  };
}
