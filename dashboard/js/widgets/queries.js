/** What a widget has asked the server, to be asked again: as Python and as curl. */

/** @typedef {{method: string, path: string, body: any}} Query */

const VALUES = '/api/values';
const BATCH = '/api/values/batch';

/** Return each query once, in their order. @param {Query[]} queries */
const distinct = (queries) => [...new Map(queries.map((query) => [JSON.stringify(query), query])).values()];

/** Whether a query is one that a store answers itself, without a server. @param {any} body */
const ofStore = (body) => Object.keys(body ?? {}).every((name) => name === 'uoa' || name === 'pipeline');

/**
 * Return a program that asks the same: the store where it can answer, else the server.
 * @param {Query[]} queries @param {string} store its folder @param {string} server its address
 */
export function asPython(queries, store, server) {
  const asked = distinct(queries).flatMap(asSingle);
  const name = (/** @type {number} */ index) => (asked.length > 1 ? `answer_${index + 1}` : 'answer');
  const lines = asked.map((query, index) => (byStore(query) ? `${name(index)} = ${storeCall(query)}` : serverCall(query, name(index), server)));
  return [...imports(asked, store), ...lines].join('\n');
}

/** A batch is several questions. @param {Query} query @returns {Query[]} */
const asSingle = (query) => (query.path === BATCH && query.body.queries.every(ofStore) ? query.body.queries.map((/** @type {any} */ body) => ({ method: 'POST', path: VALUES, body })) : [query]);

/** @param {Query} query */
const byStore = ({ path, body }) => path === VALUES && ofStore(body);

/** @param {Query[]} asked @param {string} store @returns {string[]} */
function imports(asked, store) {
  const [own, others] = [asked.some(byStore), asked.some((query) => !byStore(query))];
  const standard = others ? ['import json', 'from urllib.request import Request, urlopen', ''] : [];
  const opened = own ? ['from inspectree.server import open_store', '', `store = open_store(${literal(store)})  # the folder that is served`] : [];
  return [...standard, ...opened];
}

/** @param {Query} query */
const storeCall = ({ body }) => `store.query(${literal(body.uoa)}${body.pipeline?.length ? `, ${literal(body.pipeline)}` : ''})`;

/** @param {Query} query @param {string} name @param {string} server */
function serverCall({ path, body }, name, server) {
  const url = literal(`${server}${path}`);
  const request = body === null ? url : `Request(${url}, json.dumps(${literal(body)}).encode(), {"Content-Type": "application/json"})`;
  return `with urlopen(${request}) as response:\n    ${name} = json.load(response)`;
}

/** Return a JSON value as Python writes it. @param {any} value @returns {string} */
export function literal(value) {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object') return `{${Object.entries(value).map(([name, each]) => `${literal(name)}: ${literal(each)}`).join(', ')}}`;
  return JSON.stringify(value);
}

/** Return shell commands that ask the same. @param {Query[]} queries @param {string} server its address */
export const asCurl = (queries, server) => distinct(queries).map((query) => command(query, server)).join('\n');

/** @param {Query} query @param {string} server */
function command({ path, body }, server) {
  const url = quoted(`${server}${path}`);
  return body === null ? `curl -s ${url}` : `curl -s ${url} -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`;
}

/** Quote for POSIX shells: nothing in single quotes has a meaning. @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", `'"'"'`)}'`;
