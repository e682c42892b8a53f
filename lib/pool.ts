// The connection pool: the only room that opens connections.
export type { Session } from "./pool/connection/driver.ts";
export type { ParameterOrFragment, PendingQuery, PoolSql, PostgresError, Row, RowList } from "./pool/connection/sql.ts";
export { isConnectionLost, PoolError, type PoolErrorCode } from "./pool/errors.ts";
export type { PoolEvent, PoolEventHandler } from "./pool/events.ts";
export type { Lease } from "./pool/lease.ts";
export type { PoolOptions, Settings } from "./pool/options.ts";
export { type AcquireOptions, createPool, type Pool, type RunOptions, type TxOptions } from "./pool/pool.ts";
export { poolLine, startupLines } from "./pool/report.ts";
export type { PoolStats } from "./pool/stats.ts";
export { type Environment, realEnvironment } from "./pool/target/environment.ts";
export { resolveTarget, type Target, type TargetOptions, targetName } from "./pool/target/target.ts";
export { TargetError } from "./pool/target/target-error.ts";
export type { SslMode } from "./pool/target/tls.ts";
