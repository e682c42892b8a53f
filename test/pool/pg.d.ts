// The little of node-postgres the tests and the bench use; the package brings no types.
declare module "pg" {
  interface Result {
    // biome-ignore lint/suspicious/noExplicitAny: rows are what the caller asked for
    readonly rows: any[];
  }
  interface Options {
    readonly connectionString?: string;
    readonly host?: string;
    readonly port?: number;
    readonly user?: string;
    readonly database?: string;
    readonly max?: number;
  }
  export class Client {
    constructor(options: Options);
    connect(): Promise<void>;
    end(): Promise<void>;
    query(text: string | { name: string; text: string; values?: unknown[] }, values?: unknown[]): Promise<Result>;
    on(event: "error", listener: (error: Error) => void): this;
  }
  export interface PoolClient extends Client {
    release(error?: unknown): void;
  }
  export class Pool {
    constructor(options: Options);
    connect(): Promise<PoolClient>;
    end(): Promise<void>;
    query(text: string | { name: string; text: string; values?: unknown[] }, values?: unknown[]): Promise<Result>;
    on(event: "error", listener: (error: Error) => void): this;
  }
}
