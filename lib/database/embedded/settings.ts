import type { Settings } from "./cluster.ts";

/**
 * postgresql.conf of a new library: a laptop that takes rows in bulk from several scripts and answers one person.
 * Written once, when the cluster is made; its owner may change it there.
 */
export const LIBRARY_SETTINGS: Settings = {
  max_connections: 300, // four scripts of --workers 64, each N + 2, and a psql
  shared_buffers: "128MB",
  work_mem: "8MB",
  maintenance_work_mem: "128MB",
  jit: "off", // compiling costs more than our short queries take
  // Durable: fsync and synchronous_commit stay on. A batch is one commit, and commits share their flush: with eight
  // connections writing batches of 200 rows, synchronous_commit off saved less than the runs differed among themselves.
  wal_level: "minimal", // nobody replicates from here
  max_wal_senders: 0,
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  // Claims and results change every row of a library several times; vacuum early instead of letting it swell.
  autovacuum_naptime: "20s",
  autovacuum_vacuum_scale_factor: "0.05",
  autovacuum_analyze_scale_factor: "0.05",
  log_checkpoints: "off",
  log_min_error_statement: "panic", // a batch's statement carries thousands of values
};
