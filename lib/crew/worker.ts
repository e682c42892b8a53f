/** A thread of the crew. */
import { jobs } from "../jobs/jobs.ts";
import { serveJobs } from "./serve-jobs.ts";

serveJobs(jobs);
