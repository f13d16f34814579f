/** The person's own browser, driven for a sign-in. @module */

import type { Secret } from "../secret.ts";

export interface FoundBrowser {
  /** `Google Chrome`, `Chromium`, … */
  name: string;
  path: string;
}

export interface BrowserSearch {
  browser: FoundBrowser | undefined;
  /** Where it was looked for. */
  searched: string[];
}

export interface BrowserCookie {
  name: string;
  value: string;
  /** A host, with a leading dot if the cookie goes to its subdomains too. */
  domain: string;
  path: string;
  /** Seconds since the Unix epoch; missing for session cookies, which browsers drop when they end. */
  expires?: number;
  secure: boolean;
  httpOnly: boolean;
  sameSite?: "Strict" | "Lax" | "None";
  /** Whether it was set over https; browsers may not send it to the other scheme. */
  fromHttps: boolean;
}

/** A page that a paused request is answered with. */
export interface BrowserAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A form that a page posts; the request waits until it is answered. */
export interface PausedPost {
  /** Untrusted. */
  url: string;
  /** The origin of the page that posts, if the browser tells. */
  origin: string | undefined;
  /** `application/x-www-form-urlencoded` */
  body: Secret;
  /** Answers it; the server never gets the request. */
  answer(page: BrowserAnswer): Promise<void>;
}

export interface BrowserLaunch {
  path: string;
  /** Additional arguments. */
  args: readonly string[];
  /** The profile's folder, created with mode 0700. */
  profile: string;
  /** Whether there is a window. */
  visible: boolean;
  /** URL patterns (`*` matches anything): POSTs to these are paused. */
  pause: readonly string[];
  onPost(post: PausedPost): void;
  /** Origins whose pages may reach programs on this computer, such as Okta Verify, without asking. */
  reachesLoopback?: readonly string[];
  /** Ends the start of one that does not answer. */
  signal?: AbortSignal;
}

/** What a script found in a page. */
export interface PageLook {
  /** The page's URL; untrusted. */
  url: string;
  /** Whether its certificate is not valid. */
  badCertificate: boolean;
  /** What the script returned; untrusted. */
  value: unknown;
}

/** `closed`: by the person. `crashed`: ended unexpectedly. */
export type BrowserEnd = "closed" | "crashed";

/** A running browser. It ends with this process. */
export interface DrivenBrowser {
  /** Such as `Chrome/156.0.8078.79`. */
  readonly product: string;
  /** Resolves when it ends, or its last window is closed. */
  readonly ended: Promise<BrowserEnd>;
  /** Whether a page waits for an answer of a server. */
  readonly isLoading: boolean;
  /** How many requests with a body were sent, by origin; the paused ones are not among them. */
  readonly posts: ReadonlyMap<string, number>;
  /** Opens a URL in the first page, without waiting for the answer. */
  open(url: string): void;
  /**
   * Runs a script in the newest page's top frame, apart from the page's own scripts. The value must be
   * JSON. Returns `undefined` while no page can run it.
   */
  look(script: string): Promise<PageLook | undefined>;
  cookies(): Promise<BrowserCookie[]>;
  setCookies(cookies: readonly BrowserCookie[]): Promise<void>;
  /** Ends it; a second call does nothing. */
  close(): Promise<void>;
}

/** The browsers of this machine. */
export interface Browsers {
  /** @param path One that the person named, instead of the usual places. */
  find(path: string | undefined): Promise<BrowserSearch>;
  /**
   * @throws {SettingsError} `browser_failed`, `browser_policy`
   * @throws {InteractionError} `browser_profile_busy`
   */
  launch(options: BrowserLaunch): Promise<DrivenBrowser>;
  /** Deletes a profile's cookies, while no browser uses it. @returns Whether there were any. */
  removeCookies(folder: string): Promise<boolean>;
  /** Deletes a profile. @returns Whether there was one. */
  removeProfile(folder: string): Promise<boolean>;
}
