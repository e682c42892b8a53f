import { setDefaultTimeout } from "bun:test";

// Real servers, threads and processes take their time on a busy machine; what hangs is still ended.
setDefaultTimeout(60_000);
