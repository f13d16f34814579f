/**
 * The line of a terminal that says what the program waits for: from 300 ms on, redrawn, and replaced
 * by the next output.
 *
 * @module
 */

import type { Clock, Output } from "../ports.ts";

export interface Activity {
  /** Something begins that may take a while. Returns how to say that it has ended. */
  busy(label: string): () => void;
  /** How far a longer work is; shown instead of labels until an empty text ends it. */
  progress(text: string): void;
}

/** Shorter waits show nothing. */
const PATIENCE_MILLISECONDS = 300;

/** Waits that follow each other within this time are one. */
const GAP_MILLISECONDS = 200;

const FRAME_MILLISECONDS = 100;

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Nothing is shown. */
export const SILENT: Activity = { busy: () => () => {}, progress() {} };

/** Draws on the status line of standard error. */
export function drawnActivity(output: Pick<Output, "status" | "columns">, clock: Clock): Activity {
  const labels: string[] = [];
  let progress = "";
  let since = 0;
  let ended = -Infinity;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    const text = progress || labels.at(-1);
    timer = undefined;
    if (text === undefined) return;
    const seconds = Math.floor((clock.now() - since) / 1000);
    const time = seconds > 0 ? `  ${seconds} s` : "";
    const sign = FRAMES[frame++ % FRAMES.length];
    output.status([...`${sign} ${text}${time}`].slice(0, output.columns - 1).join(""));
    if (labels.length > 0) timer = setTimeout(draw, FRAME_MILLISECONDS);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    busy(label) {
      const now = clock.now();
      if (labels.length === 0 && progress === "" && now - ended > GAP_MILLISECONDS) since = now;
      labels.push(label);
      timer ??= setTimeout(draw, Math.max(0, PATIENCE_MILLISECONDS - (now - since)));
      return () => {
        labels.splice(labels.indexOf(label), 1);
        ended = clock.now();
        if (labels.length === 0) stop();
      };
    },
    progress(text) {
      if (progress === "" && text !== "" && labels.length === 0) since = clock.now();
      progress = text;
      if (text === "") return output.status("");
      if (clock.now() - since >= PATIENCE_MILLISECONDS) {
        stop();
        draw();
      }
    },
  };
}

const BAR_WIDTH = 16;

/** `Refreshing ███████████░░░░░  41/60` */
export function formatProgress(what: string, done: number, total: number): string {
  const full = total === 0 ? 0 : Math.round((done / total) * BAR_WIDTH);
  return `${what} ${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}  ${done}/${total}`;
}
