// What the browser itself notes of its requests: the heads as they were sent and received (Chrome DevTools Protocol).
import type { CDPSession, Page } from '@playwright/test';

export type Head = { name: string; bytes: number; value: string };

export type Noted = {
  path: string;
  method: string;
  /** The fields that were sent, `Cookie` among them. */
  sent: Head[];
  /** The fields that were received, by the text of the head; and its first line. */
  received: Head[];
  firstLine: string;
  /** Why the browser did not keep a cookie of the answer. */
  refused: string[];
};

const size = (name: string, value: string) => Buffer.byteLength(`${name}: ${value}\r\n`);
const head = (name: string, value: string): Head => ({ name: name.toLowerCase(), value, bytes: size(name, value) });

export class NetworkLog {
  private readonly noted = new Map<string, Noted>();

  private constructor(devtools: CDPSession) {
    const of = (id: string) => {
      const noted = this.noted.get(id) ?? { path: '', method: '', sent: [], received: [], firstLine: '', refused: [] };
      this.noted.set(id, noted);
      return noted;
    };
    devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
      const { pathname, search } = new URL(request.url);
      Object.assign(of(requestId), { path: pathname + search, method: request.method });
    });
    devtools.on('Network.requestWillBeSentExtraInfo', ({ requestId, headers }) => {
      of(requestId).sent = Object.entries(headers).map(([name, value]) => head(name, value));
    });
    devtools.on('Network.responseReceivedExtraInfo', ({ requestId, headersText = '', blockedCookies }) => {
      const [firstLine = '', ...lines] = headersText.trimEnd().split('\r\n');
      const received = lines.map((line) => head(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()));
      Object.assign(of(requestId), { firstLine, received, refused: blockedCookies.flatMap((cookie) => cookie.blockedReasons) });
    });
  }

  static async of(page: Page): Promise<NetworkLog> {
    const devtools = await page.context().newCDPSession(page);
    const log = new NetworkLog(devtools);
    await devtools.send('Network.enable');
    return log;
  }

  /** The latest request to that path that carried such a cookie: the page looks where cookies arrive from time to time. */
  latestWith(path: string, cookie: string): Noted | undefined {
    const carries = ({ sent }: Noted) => sent.some(({ name, value }) => name === 'cookie' && value.includes(cookie));
    return [...this.noted.values()].filter((noted) => noted.path === path && carries(noted)).at(-1);
  }

  /** The latest request to that path. */
  latest(path: string): Noted | undefined {
    return [...this.noted.values()].filter((noted) => noted.path === path && noted.sent.length > 0).at(-1);
  }
}
