// Lines of cookies as nobody would write them and as many programs do, made from a seed; what the page forecasts of each, and a
// server that hands them to a browser and sees what comes back. It is none of ours: the browser is the judge.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Carrier } from './cookie-form';
import { type Engine, NAMES as ENGINES } from './engine/engine';
import { random } from './random';

export type Line = { carrier: Carrier; line: string; name: string };

/** What the page says of a line, by the terms of its list. */
export type Forecast = { verdict: string; facts: Record<string, string>; says: string[] };

/** Whether the page says of a line that this engine makes something else of it than the specification. */
export const isSaidToDiffer = (engine: Engine, { says }: Forecast): boolean =>
  says.some((words) => words.startsWith('Engines differ: ') && words.includes(ENGINES[engine]));

const X = (times: number) => 'x'.repeat(times);
/** In two days, as HTTP spells it: `Wed, 02 Dec 2026 12:00:00 GMT`. */
const SOON = new Date(Date.now() + 2 * 86_400_000).toUTCString();
const [, DAY, MONTH, YEAR, TIME] = SOON.split(/[ ,]+/) as [string, string, string, string, string];

const MAX_AGES = [
  '60', '600', '0', '-1', '-0', '00', '+5', '1e3', '-', '', '99999999', '99999999999999999999', '-99999999999999999999', ' 7 ', '60s',
  '"60"', '0x10', '1.5', '--5', '5-', X(1_025), `${'0'.repeat(1_020)}60`,
];
const DATES = [
  'Thu, 01-Jan-1970 00:00:01 GMT', 'Thu, 1 Jan 1970 00:00:00 GMT', 'Mon, 01 Jan 1601 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT',
  SOON, `${DAY}-${MONTH}-${YEAR} ${TIME}`, `${TIME} ${DAY} ${MONTH} ${YEAR}`, `${MONTH} ${DAY} ${TIME} ${YEAR}`, `"${SOON}"`,
  `${DAY} ${MONTH.toUpperCase()} ${YEAR.slice(2)} ${TIME}`, `${DAY}/${MONTH.toLowerCase()}uary/${YEAR} ${TIME}`, `${SOON} +0100`,
  'Fri, 31 Dec 9999 23:59:59 GMT', `32 ${MONTH} ${YEAR} ${TIME}`, `30 Feb ${YEAR} ${TIME}`, `${DAY} ${MONTH} ${YEAR}`, 'tomorrow', '', '0',
  `${DAY} ${MONTH} ${YEAR} 24:00:00`, `${DAY} ${MONTH} 1600 ${TIME}`, `${YEAR}-12-31T00:00:00Z`, X(1_025), `${SOON}${' '.repeat(3)}`,
];
const PATHS = ['/', '/lab', '/lab/', '/lab/echo', '', 'lab', '"/lab"', ' /lab ', `/${X(1_023)}`, `/${X(1_024)}`, '/LAB', '/lab?x'];
const DOMAINS = [
  '', 'localhost', '.localhost', 'LOCALHOST', '..localhost', '.', 'elsewhere.example', 'host', 'com', '127.0.0.1', 'bücher.example', X(1_025),
  '"localhost"',
];
const SAME_SITES = ['Lax', 'lax', 'STRICT', 'None', 'none', '', 'maybe', '"Lax"', X(1_025)];
const UNKNOWN = ['Priority=High', 'Colour', '=x', '', ' ', 'Version=1', X(1_100), `Colour=${X(1_100)}`, 'Max-Age2=0', 'Secure2'];
const VALUES = [
  '1', '1', '1', '', 'a b', '"q"', '"', 'a,b', 'a\\b', 'é😀', 'a\u0085b', 'x=y', '=', '==', ' 1 ', '\t1\t', 'a\tb', 'HttpOnly', '\u00a01', '漢\u202e',
];
const NAMES = [
  'lab-#', 'lab-#', 'lab-#', ' lab-#', 'lab-#\t', 'LAB-#', 'lab-é#', 'lab-a #', 'lab-#\u0085', 'lab-"#"', 'lab-(#)<>@,:\\/[]?{}', '__Host-lab-#',
  '__host-lab-#', '__Secure-lab-#', '__SECURE-lab-#', '__Http-lab-#', '__Host-Http-lab-#', 'lab-__Host-#',
];
/** No server of the lab can send these: a script can try. */
const CONTROLS = ['\u0001', '\u0008', '\u001f', '\u007f', '\u0000'];

/** So many lines of a seed, each for a cookie of its own. */
export function lines(seed: number, count: number): Line[] {
  const next = random(seed);
  const chance = (share: number) => next() < share;
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!;
  const inSomeCase = (text: string) => (chance(0.6) ? text : chance(0.5) ? text.toLowerCase() : text.toUpperCase());
  const blank = () => (chance(0.8) ? '' : one([' ', '\t', '  ']));
  const attribute = (): string => {
    const of = (name: string, values: readonly string[]) => `${inSomeCase(name)}${blank()}=${blank()}${one(values)}`;
    const flag = (name: string) => inSomeCase(name) + one(['', '', '', '=', '=false', ' ', `=${X(1_025)}`]);
    return one([
      () => of('Max-Age', MAX_AGES), () => of('Max-Age', MAX_AGES), () => of('Expires', DATES), () => of('Expires', DATES),
      () => of('Path', PATHS), () => of('Path', ['/', '/lab', '/lab/echo']), () => of('Domain', DOMAINS), () => of('SameSite', SAME_SITES),
      () => flag('Secure'), () => flag('Secure'), () => flag('HttpOnly'), () => flag('Partitioned'), () => one(UNKNOWN),
    ])();
  };
  return Array.from({ length: count }, (_, at) => {
    const carrier: Carrier = chance(0.5) ? 'script' : 'http';
    const named = one(NAMES).replace('#', String(at));
    const name = named.replace(/^[ \t]+|[ \t]+$/g, '');
    let value = one(VALUES);
    if (chance(0.08)) value = X(one([4_095, 4_096, 4_097, 4_098]) - Buffer.byteLength(name));
    let line = `${named}${blank()}=${blank()}${value}`;
    if (chance(0.04)) {
      // Other lines without a name are not the lab's: the page hands none of them over as they stand.
      const odd = one(['__Host-', '__secure-x', '=', '']);
      line = odd + (odd.length < 2 || chance(0.5) ? '' : at);
    }
    for (let more = Math.floor(next() * 6); more > 0; more -= 1) line += `${blank()};${one([' ', '', '  '])}${attribute()}`;
    const labs = line.toLowerCase().indexOf('lab-');
    if (carrier === 'script' && labs >= 0 && chance(0.05)) {
      // Behind what makes the name the lab's.
      const from = labs + 'lab-'.length;
      let place = from + Math.floor(next() * (line.length + 1 - from));
      // Not into a pair of surrogates.
      if ((line.charCodeAt(place) & 0xfc00) === 0xdc00) place -= 1;
      line = line.slice(0, place) + one(CONTROLS) + line.slice(place);
    }
    return { carrier, line, name };
  });
}

/** Lines of which the page says that these engines differ, with its words. */
export const DIFFERENCES: readonly [words: string, carrier: Carrier, line: string, engines: readonly Engine[]][] = [
  ['a tab inside a name', 'script', 'lab-t=a\tb', ['chromium']],
  ['a tab inside a name', 'http', 'lab-t\tt=1', ['chromium']],
  ['at the first tab', 'script', 'lab-t=é', ['webkit']],
  ['leaves the blanks', 'script', 'lab-(t)<>@,:\\/[]?{}= 1', ['webkit']],
  ['without “=” for a name', 'script', '__Secure-t; Secure', ['firefox']],
  ['knows no prefixes', 'script', '__Host-lab-t=1', ['webkit']],
  ['no Path of a __Host- name', 'script', '__Host-lab-t=1; Secure', ['firefox']],
  ['no limit of bytes', 'script', `lab-t=${X(4_092)}`, ['webkit']],
  ['with a value of more than 1,024 bytes', 'script', `lab-t=1; HttpOnly=${X(1_025)}`, ['firefox']],
  ['wants no Secure beside', 'http', 'lab-t=1; SameSite=None; Path=/', ['webkit']],
  ['wants no Secure beside', 'http', 'lab-t=1; Partitioned; Path=/', ['webkit']],
  ['over plain HTTP', 'http', 'lab-t=1; Secure; Path=/', ['webkit']],
  ['a dot alone', 'script', 'lab-t=1; Domain=.', ['chromium', 'firefox', 'webkit']],
  ['in capitals', 'script', 'lab-t=1; Domain=LOCALHOST', ['webkit']],
  ['without a dot in it', 'http', 'lab-t=1; Domain=localhost; Path=/', ['webkit']],
  ['a Max-Age that is ignored', 'script', 'lab-t=1; Max-Age=0; Max-Age=x', ['chromium', 'firefox']],
  ['an Expires that is ignored', 'script', 'lab-t=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=tomorrow', ['chromium', 'firefox', 'webkit']],
  ['an empty Max-Age', 'script', 'lab-t=1; Max-Age=   ', ['webkit']],
  ['an empty Max-Age', 'http', 'lab-t=1; Max-Age=; Path=/', ['webkit']],
  ['begins with +', 'script', 'lab-t=1; Max-Age=+0', ['chromium']],
  ['begins with -', 'script', 'lab-t=1; Max-Age=-', ['firefox']],
  ['a year before 1601', 'script', 'lab-t=1; Expires=02 Dec 1600 10:08:02', ['chromium', 'firefox', 'webkit']],
  ['finds dates also without a time', 'script', 'lab-t=1; Expires=01 Jan 1970', ['firefox']],
  ['finds dates also without a time', 'script', 'lab-t=1; Expires=01 Jan 1990 24:00:00', ['firefox']],
  ['finds dates also without a time', 'script', 'lab-t=1; Expires=30 Feb 1990 00:00:00', ['firefox']],
  ['only as HTTP spells them', 'script', 'lab-t=1; Expires=01 jan 1970 00:00:00', ['webkit']],
];

/** What can be read of a line before the first `;` where it has no name. */
export const isNameless = ({ line }: Line) => /^[ \t]*(=|[^=;]*(;|$))/.test(line);

/** Reads the page's forecasts; the form is open, and its details. Runs in the page. */
export async function readForecasts(all: { carrier: string; line: string }[]): Promise<Forecast[]> {
  const form = document.querySelector('form.attributes')!;
  const carrier = form.querySelector<HTMLSelectElement>('#cookie-carrier')!;
  const pasted = form.querySelector<HTMLInputElement>('#cookie-pasted')!;
  const fillIn = pasted.parentElement!.querySelector('button')!;
  const preview = form.querySelector('.preview pre')!;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  // What is shown as an escape, as what it is.
  const plain = (element: Element): string =>
    [...element.childNodes].map((node) => {
      if (!(node instanceof Element)) return node.textContent ?? '';
      return node.className === 'escape' ? (JSON.parse(`"${node.textContent}"`) as string) : plain(node);
    }).join('');
  const statement = /^document\.cookie = (".*")$/s;
  const shown = (by: string) => {
    const text = plain(preview);
    return by === 'script' ? (JSON.parse(statement.exec(text)?.[1] ?? 'null') as string | null) : text.replace('Set-Cookie: ', '');
  };
  const found: Forecast[] = [];
  for (const { carrier: by, line } of all) {
    carrier.value = by;
    carrier.dispatchEvent(new Event('change', { bubbles: true }));
    pasted.value = line;
    pasted.dispatchEvent(new Event('input', { bubbles: true }));
    fillIn.click();
    for (let frames = 0; shown(by) !== line; frames += 1) {
      if (frames > 120) throw new Error(`${JSON.stringify(line)} is not shown, but ${JSON.stringify(preview.textContent)}`);
      await frame();
    }
    await frame();
    const terms = [...form.querySelectorAll('.expected dt')].map((term) => [term.textContent!, plain(term.nextElementSibling!)]);
    const facts = Object.fromEntries(terms) as Record<string, string>;
    const says = [...form.querySelectorAll('ul.forecast li')].map((item) => item.textContent!);
    found.push({ verdict: facts['Forecast by the spec'] ?? '', facts, says });
  }
  return found;
}

/** A server on this machine that sends lines and shows what arrives. */
export class CookieOracle {
  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(host: string): Promise<CookieOracle> {
    const server = createServer({ maxHeaderSize: 1 << 20, insecureHTTPParser: true }, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('cache-control', 'no-store');
        if (request.method === 'POST') {
          const lines = JSON.parse(Buffer.concat(chunks).toString()) as string[];
          // Octets beyond ASCII travel as they are (RFC 9110 §5.5).
          response.setHeader('set-cookie', lines.map((line) => Buffer.from(line).toString('latin1')));
          response.statusCode = 204;
          return response.end();
        }
        response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/plain; charset=utf-8');
        return response.end(request.url === '/' ? '<!doctype html><title>Cookies</title>' : Buffer.from(request.headers.cookie ?? '', 'latin1'));
      });
    });
    await new Promise<void>((done) => server.listen(0, host, done));
    return new CookieOracle(server, `http://${host}:${(server.address() as AddressInfo).port}/`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Hands lines to the browser, on a page of the oracle's; runs there. Over HTTP they come from `/lab/cookie`, as the lab's do. */
export async function handOver({ carrier, line }: { carrier: string; line: string }): Promise<void> {
  if (carrier === 'script') document.cookie = line;
  else await fetch('/lab/cookie', { method: 'POST', body: JSON.stringify([line]) });
}

/** The pairs that scripts of `/` see and that arrive at `/lab/echo`; runs on a page of the oracle's. */
export async function seenBy(): Promise<{ scripts: string[]; server: string[] }> {
  const arrived = await (await fetch('/lab/echo')).text();
  const pairs = (cookies: string) => (cookies === '' ? [] : cookies.split('; '));
  return { scripts: pairs(document.cookie), server: pairs(arrived) };
}

type Seen = Awaited<ReturnType<typeof seenBy>>;

/** The cookie of a line as it is sent, where it is forecast to be kept. */
const pairOf = ({ facts }: Forecast) => (facts['Name'] === 'none' ? facts['Value']! : `${facts['Name']}=${facts['Value']}`);

/** Whether scripts of `/` and the server at `/lab/echo` see of a line what was forecast, and nothing else. */
export function isAsForecast(forecast: Forecast, seen: Seen): boolean {
  const { verdict, facts } = forecast;
  const path = facts['Path'] ?? '';
  const isKept = verdict.startsWith('kept');
  const isOnTheWay = path === '/lab/echo' || '/lab/echo'.startsWith(path.endsWith('/') ? path : `${path}/`);
  const isForScripts = isKept && path === '/' && !/HttpOnly/.test(facts['Flags'] ?? '');
  const holds = (there: string[], wanted: boolean) => (wanted ? there.length === 1 && there[0] === pairOf(forecast) : there.length === 0);
  return holds(seen.scripts, isForScripts) && holds(seen.server, isKept && isOnTheWay);
}

/** Removes cookies that were seen; runs on a page of the oracle's. */
export async function forget(pairs: string[]): Promise<void> {
  const names = new Set(pairs.map((pair) => (pair.includes('=') ? pair.slice(0, pair.indexOf('=') + 1) : pair)));
  const places = ['/', '/lab', '/lab/', '/lab/echo'].flatMap((path) => ['', '; Domain=localhost'].map((domain) => `; Path=${path}${domain}`));
  const lines = [...names].flatMap((name) =>
    places.flatMap((place) => ['', '; Secure', '; Secure; Partitioned'].map((rest) => `${name}; Max-Age=0${place}${rest}`)));
  if (lines.length > 0) await fetch('/lab/cookie', { method: 'POST', body: JSON.stringify(lines) });
}
