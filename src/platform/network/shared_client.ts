import type { HttpClient } from "../../ports.ts";
import { createHttpClient, type HttpClientSettings } from "./http_client.ts";

const clients = new Map<string, HttpClient>();

/**
 * The process's client for these settings, so that a connection that was opened before the settings
 * were read is used after.
 */
export function sharedHttpClient(settings: HttpClientSettings): HttpClient {
  const key = settings.caBundle ?? "";
  const client = clients.get(key) ?? createHttpClient(settings);
  clients.set(key, client);
  return client;
}
