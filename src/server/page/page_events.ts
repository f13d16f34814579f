/** Server-sent events: they only say that something has changed; the page then asks what. @module */

/** Keeps proxies and browsers from closing a silent stream. */
const KEEP_ALIVE_MILLISECONDS = 20_000;

export function eventStream(signal: AbortSignal, listeners: Set<() => void>): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          end();
        }
      };
      const onChange = () => send("event: change\ndata: 1\n\n");
      const timer = setInterval(() => send(": still here\n\n"), KEEP_ALIVE_MILLISECONDS);
      end = () => {
        clearInterval(timer);
        listeners.delete(onChange);
        signal.removeEventListener("abort", end);
      };
      listeners.add(onChange);
      signal.addEventListener("abort", end);
      send("retry: 2000\n\n");
    },
    cancel: () => end(),
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}
