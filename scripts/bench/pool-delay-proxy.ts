// A thread that carries bytes to and from a server and holds each back for a while: a longer network.
import { TcpProxy } from "./support/tcp-proxy.ts";

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<{ host: string; port: number; delayMs: number }>) => {
  const proxy = await TcpProxy.open(data, data);
  self.postMessage(proxy.port);
};
