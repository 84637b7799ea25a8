// One app asked twice, alone and through the port: what it answers must be the same.
import { type APIRequest, type APIRequestContext, type APIResponse, expect } from '@playwright/test';
import type { Origins } from './fixtures';

/** A question, made of the cookies that its visitor has. */
type Question = (cookies: Map<string, string>) => { method?: 'GET' | 'POST'; form?: Record<string, string>; headers?: Record<string, string> };

type Limits = {
  /** Paths that are not followed. */
  except?: RegExp;
  most?: number;
};

/** About one connection, or the moment of the answer. */
const NOT_COMPARED = ['connection', 'date', 'keep-alive', 'transfer-encoding'];
/** These are new where the body is. */
const OF_THE_BODY = ['content-length', 'etag'];
/** A date (RFC 9110 §5.6.7). In `Expires` it counts from the moment of the answer, and the two answers come one after the other. */
const DATE = /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/;
const AT_ONCE_MS = 10_000;
/** The line that a page has where a window shows it, and what changes of its head with it. */
const LINE = /<script async src="http:\/\/127\.0\.0\.1:\d+\/dock\.js"(?: nonce="[^"]+")?><\/script>/;
const OF_THE_LINE = ['accept-ranges', 'content-encoding', 'content-length', 'content-security-policy', 'etag', 'vary'];

/** Two visitors who do the same, one directly and one through the port, each with cookies of their own. */
export class Twins {
  private constructor(
    private readonly origins: Origins,
    private readonly contexts: Record<keyof Origins, APIRequestContext>,
    private readonly fresh: readonly RegExp[],
  ) {}

  /** `fresh` are the parts of a body that are new in each answer; they alone are not compared. */
  static async meet(request: APIRequest, origins: Origins, fresh: readonly RegExp[] = []): Promise<Twins> {
    const visitor = (baseURL: string) => request.newContext({ baseURL, maxRedirects: 0 });
    return new Twins(origins, { alone: await visitor(origins.alone), through: await visitor(origins.through) }, fresh);
  }

  async part(): Promise<void> {
    await Promise.all(Object.values(this.contexts).map((context) => context.dispose()));
  }

  /** Both ask for the same, and have the same answer; what a window shows, with the dock's line. */
  async ask(path: string, question: Question = () => ({})): Promise<APIResponse> {
    const answer = await this.same(path, question);
    const { 'content-type': type = '', 'content-disposition': saved } = answer.headers();
    const isPage = answer.ok() && type.startsWith('text/html') && saved === undefined;
    if (isPage && (question(new Map()).method ?? 'GET') === 'GET') await this.same(path, question, true);
    return answer;
  }

  private async same(path: string, question: Question, isOpened = false): Promise<APIResponse> {
    const [alone, through] = await Promise.all([this.one('alone', path, question, isOpened), this.one('through', path, question, isOpened)]);
    if (isOpened) {
      const text = through.body.toString('latin1');
      expect(text.match(new RegExp(LINE, 'g')), `${path} through the port has the line once`).toHaveLength(1);
      through.body = Buffer.from(text.replace(LINE, ''), 'latin1');
    }
    expect(through.head, `${path} through the port`).toEqual(alone.head);
    for (const [at, moment] of alone.moments.entries()) expect(Math.abs(through.moments[at]! - moment), `${path}: a date`).toBeLessThan(AT_ONCE_MS);
    // Most bodies are the same with all that is in them; strings are compared where a difference must be shown.
    if (!through.body.equals(alone.body)) expect(this.plain(through.body), `${path} through the port`).toBe(this.plain(alone.body));
    return alone.answer;
  }

  /** Asks for what the addresses of answers lead to, breadth first; returns the paths that were asked for. */
  async crawl(from: string[], { except, most = 60 }: Limits = {}): Promise<string[]> {
    const paths = [...from];
    // It grows on the way.
    for (const path of paths) {
      const answer = await this.ask(path);
      const here = new URL(path, this.origins.alone);
      for (const address of addresses(answer, await answer.text())) {
        if (!URL.canParse(address, here)) continue;
        const { origin, pathname, search } = new URL(address, here);
        const next = pathname + search;
        if (origin === here.origin && !paths.includes(next) && !except?.test(next) && paths.length < most) paths.push(next);
      }
    }
    return paths;
  }

  private async one(who: keyof Origins, path: string, question: Question, isOpened: boolean) {
    const [context, origin] = [this.contexts[who], this.origins[who]];
    const { cookies } = await context.storageState();
    const asked = question(new Map(cookies.map(({ name, value }) => [name, value])));
    const headers: Record<string, string> = { referer: origin + path, ...asked.headers };
    if (asked.method === 'POST') headers.origin = origin;
    if (isOpened) headers['sec-fetch-dest'] = 'document';
    const answer = await context.fetch(path, { ...asked, headers });
    const body = await answer.body();
    const isNew = this.fresh.some((pattern) => body.toString('latin1').search(pattern) >= 0);
    const lines = answer.headersArray().map(({ name, value }) => ({ name: name.toLowerCase(), value }));
    const left = [...NOT_COMPARED, ...(isNew ? OF_THE_BODY : []), ...(isOpened ? OF_THE_LINE : [])];
    const compared = lines.filter(({ name }) => !left.includes(name));
    const moments: number[] = [];
    const inTime = (date: string) => {
      moments.push(Date.parse(date));
      return '…';
    };
    const comparable = ({ name, value }: { name: string; value: string }) => {
      if (name === 'location') return value.replace(origin, '');
      if (name === 'set-cookie') return value.replace(/=[^;]*/, '=…').replace(DATE, inTime);
      return name === 'expires' ? value.replace(DATE, inTime) : value;
    };
    // Lines of one name stay in their order.
    const fields = compared.sort((one, other) => one.name.localeCompare(other.name)).map((line) => `${line.name}: ${comparable(line)}`);
    return { answer, body, head: { status: answer.status(), fields }, moments };
  }

  private plain(body: Buffer): string {
    return this.fresh.reduce((text, pattern) => text.replaceAll(pattern, '…'), body.toString('latin1'));
  }
}

const NAMED: readonly [type: string, pattern: RegExp][] = [
  ['text/html', /\s(?:href|src)="([^"]*)"/g],
  ['text/javascript', /\bfrom\s*"([./][^"]*)"/g],
  ['text/css', /\burl\(["']?([^"')]+)["']?\)/g],
];

/** Where a redirect leads, and what a page, a module or a style sheet names. */
function addresses(answer: APIResponse, text: string): string[] {
  const { location, 'content-type': type = '' } = answer.headers();
  const named = NAMED.filter(([kind]) => type.startsWith(kind)).flatMap(([, pattern]) => [...text.matchAll(pattern)]);
  const found = named.map(([, address]) => address!.replaceAll('&amp;', '&'));
  return location === undefined ? found : [location, ...found];
}
