import { criteriaFlags, parseCriteria } from "../../cli/criteria/search-criteria.ts";
import type { Flag } from "../../cli/script.ts";
import { CATALOG_ORDERS, type CatalogCriteria, type CatalogOrder } from "../../library/catalog/catalog.ts";
import type { Criteria } from "../../library/search.ts";
import { NoAnswer } from "./reply.ts";

/** What an address asks of the library: the flags of `search` under their own names, and what belongs to the page. */
export interface Asked {
  readonly criteria: CatalogCriteria;
  readonly order: CatalogOrder;
  readonly reverse: boolean;
  /** Pieces that were picked one by one, instead of a search. */
  readonly ids: readonly number[] | null;
  /** The part of the list that is wanted; all of it when `count` is null. */
  readonly from: number;
  readonly count: number | null;
}

const MOST_IDS = 2_000;

/** A criterion as a form shows it. */
export interface CriterionField {
  readonly name: string;
  readonly type: Flag["type"];
  readonly hint: string;
  readonly description: string;
  readonly options: readonly string[] | null;
}

export const criterionFields: readonly CriterionField[] = Object.entries(criteriaFlags as Record<string, Flag>).map(
  ([name, { type, valueHint, description, options }]) => ({
    name,
    type,
    hint: valueHint ?? "",
    description,
    options: options ?? null,
  }),
);

/** @throws UsageError, NoAnswer where the address makes no sense */
export function asked(query: URLSearchParams): Asked {
  const order = query.get("sort") ?? "added";
  if (!CATALOG_ORDERS.includes(order as CatalogOrder)) {
    throw new NoAnswer(400, `sort is "${order}", expected one of ${CATALOG_ORDERS.join(", ")}`);
  }
  const ids = query.get("ids");
  return {
    criteria: catalogCriteria(parseCriteria(values(query))),
    order: order as CatalogOrder,
    reverse: query.has("reverse"),
    ids: ids === null ? null : idList(ids),
    from: whole(query, "from") ?? 0,
    count: whole(query, "count"),
  };
}

/** The values of flags as the command line gives them; what is empty counts as not given. */
function values(query: URLSearchParams): Parameters<typeof parseCriteria>[0] {
  const entries = Object.entries(criteriaFlags as Record<string, Flag>).map(([name, flag]) => {
    const given = query.getAll(name).filter((value) => value !== "");
    return [name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), value(name, flag, given, query)];
  });
  return Object.fromEntries(entries);
}

function value(name: string, { type, options }: Flag, given: readonly string[], query: URLSearchParams) {
  if (type === "list") return given;
  if (type === "boolean") return query.has(name);
  if (given.length > 1) throw new NoAnswer(400, `${name} is given twice, expected it once`);
  const [only] = given;
  if (only === undefined) return undefined;
  if (options && !options.includes(only)) {
    throw new NoAnswer(400, `${name} is "${only}", expected one of ${options.join(", ")}`);
  }
  if (type !== "number") return only;
  const number = Number(only);
  if (!Number.isFinite(number) || number < 0) throw new NoAnswer(400, `${name} is "${only}", expected a number`);
  return number;
}

/** Whether a piece was repaired stands in the catalog; in which way does not. */
function catalogCriteria({ repair, ...criteria }: Criteria): CatalogCriteria {
  if (repair === undefined) return criteria;
  return repair === "yes" || repair === "no" ? { ...criteria, repaired: repair === "yes" } : { ...criteria, repair };
}

export function idList(text: string): number[] {
  const ids = text.split(",").filter(Boolean).map(Number);
  if (ids.length > MOST_IDS || !ids.every((id) => Number.isSafeInteger(id) && id > 0)) {
    throw new NoAnswer(400, `ids is no list of at most ${MOST_IDS} numbers of pieces`);
  }
  return ids;
}

export function whole(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new NoAnswer(400, `${name} is "${text}", expected a whole number`);
}
