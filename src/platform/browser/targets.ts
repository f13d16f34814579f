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

/** What a page waits for: the next page, or data. */
const AWAITED = ["Document", "XHR", "Fetch"];

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
  /** How many requests with a body were sent, by origin. */
  readonly posts = new Map<string, number>();
  /** The document of each frame, by frame; the top frame of a page has the page's id. */
  readonly #frames = new Map<string, { url: string; parentId?: string }>();
  /** Pages and frames with a session of their own. */
  readonly #targets = new Map<string, string>();
  /** Requests without an answer yet, and the session of each. */
  readonly #loading = new Map<string, string>();
  /** Forms that wait for an answer. */
  readonly #held = new Set<string>();

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
    // Not for each page: what a page's session holds is sent when the page, and so its session, ends.
    const patterns = this.#options.pause.map((urlPattern) => ({ urlPattern }));
    await this.#pipe.send("Fetch.enable", { patterns });
  }

  #take({ method, params, sessionId = "" }: ProtocolEvent): void {
    switch (method) {
      case "Target.attachedToTarget":
        return this.#arm(params.sessionId, params.targetInfo);
      case "Target.detachedFromTarget":
        this.#forget(params.sessionId);
        if (this.pages.delete(params.sessionId) && this.pages.size === 0) this.#onEnd("closed");
        return;
      case "Inspector.targetCrashed":
        return this.#onEnd("crashed");
      case "Page.frameNavigated":
        this.#removeFrame(params.frame.id);
        this.#frames.set(params.frame.id, params.frame);
        return;
      case "Page.frameDetached":
        if (params.reason === "remove") this.#removeFrame(params.frameId);
        return;
      case "Security.visibleSecurityStateChanged": {
        const page = this.pages.get(sessionId);
        const { certificateSecurityState: state } = params.visibleSecurityState;
        if (page !== undefined) page.badCertificate = Boolean(state?.certificateNetworkError);
        return;
      }
      case "Network.requestWillBeSent":
        if (AWAITED.includes(params.type)) this.#loading.set(params.requestId, sessionId);
        return this.#count(params.request);
      case "Network.loadingFinished":
      case "Network.loadingFailed":
        this.#loading.delete(params.requestId);
        return;
      case "Fetch.requestPaused":
        void this.#decide(params);
        return;
    }
  }

  #count({ method, url }: Json): void {
    const origin = originOf(url);
    if (origin === undefined || ["GET", "HEAD", "OPTIONS"].includes(method)) return;
    this.posts.set(origin, (this.posts.get(origin) ?? 0) + 1);
  }

  /** Whether a page waits for an answer of a server. */
  get isLoading(): boolean {
    return this.#loading.size > 0;
  }

  #forget(sessionId: string): void {
    for (const [requestId, session] of [...this.#loading]) {
      if (session === sessionId) this.#loading.delete(requestId);
    }
    const targetId = this.#targets.get(sessionId);
    this.#targets.delete(sessionId);
    // A page may have two sessions: the browser's, and its opener's.
    if (targetId === undefined || [...this.#targets.values()].includes(targetId)) return;
    this.#removeFrame(targetId);
  }

  /** With those inside of it, of which no event tells. */
  #removeFrame(id: string): void {
    this.#frames.delete(id);
    for (const [child, { parentId }] of [...this.#frames]) {
      if (parentId === id) this.#removeFrame(child);
    }
  }

  #arm(sessionId: string, { type, targetId }: Json): void {
    this.#targets.set(sessionId, targetId);
    const tell = (method: string, params?: Json) => this.#pipe.tell(method, params, sessionId);
    if (ARMED.includes(type)) {
      tell("Target.setAutoAttach", {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
      });
      tell("Network.enable", { maxPostDataSize: 1024 * 1024 });
    }
    if (type === "page" || type === "iframe") tell("Page.enable");
    if (type === "page") {
      this.pages.set(sessionId, { targetId, badCertificate: false });
      tell("Security.enable");
    }
    tell("Runtime.runIfWaitingForDebugger");
  }

  /** A paused request: a form that is posted waits for us, everything else goes on. */
  async #decide(params: Json): Promise<void> {
    const { requestId, request, resourceType } = params;
    if (request.method !== "POST" || resourceType !== "Document") {
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (isRead) this.#pipe.tell("Fetch.continueRequest", { requestId });
      else this.#refuse(requestId);
      return;
    }
    this.#held.add(requestId);
    const origin = originOf(request.headers.Origin ?? request.headers.origin) ??
      this.#onlyOrigin();
    const post: PausedPost = {
      url: request.url,
      origin,
      body: new Secret(await this.#bodyOf(params)),
      answer: async (page) => {
        if (!this.#held.delete(requestId)) return;
        const answer = { requestId, ...fulfilment(page) };
        await this.#pipe.send("Fetch.fulfillRequest", answer).catch(() => {});
      },
    };
    this.#options.onPost(post);
  }

  #refuse(requestId: string): void {
    this.#pipe.tell("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" });
  }

  /** Forms without an answer: the browser would send them when it ends. */
  stop(): void {
    for (const requestId of this.#held) this.#refuse(requestId);
    this.#held.clear();
  }

  /**
   * A page whose referrer policy hides it posts with `Origin: null`. It is known all the same where no
   * other page or frame is there that could have posted.
   */
  #onlyOrigin(): string | undefined {
    // `about:blank` and `about:srcdoc` post with the origin of the page that they belong to.
    const urls = [...this.#frames.values()].map(({ url }) => url)
      .filter((url) => !url.startsWith("about:"));
    const origins = new Set(urls.map(originOf));
    return origins.size === 1 ? [...origins][0] : undefined;
  }

  /** The event omits large bodies; the page that posts has them. */
  async #bodyOf({ request, networkId }: Json): Promise<string> {
    if (typeof request.postData === "string") return request.postData;
    const method = "Network.getRequestPostData";
    const asked = [...this.#targets.keys()].map((session) =>
      this.#pipe.send(method, { requestId: networkId }, session)
    );
    return await Promise.any(asked).then(({ postData }) => postData, () => "");
  }
}

function fulfilment({ status, headers, body }: BrowserAnswer): Json {
  return {
    responseCode: status,
    responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body: new TextEncoder().encode(body).toBase64(),
  };
}
