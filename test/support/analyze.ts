import { type Analyzer, createAnalyzer } from "../../lib/analysis/analyzer.ts";

const analyzer = createAnalyzer();

/** The analysis of one score, by an analyser that all tests of a file share. */
export const analyze: Analyzer["analyze"] = (score, options) => analyzer.analyze(score, options);
