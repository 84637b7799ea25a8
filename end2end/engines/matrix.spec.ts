// Survival: every row that needs no leaving fills, and two who are not our page agree with its cells: the
// driver's own list of cookies, and the server when somebody else sends it those.
import { Bench } from '../support/engine/bench';
import { expect, test } from '../support/engine/fixtures';
import { AUTOMATIC, Matrix } from '../support/engine/matrix';
import type { Tab } from '../support/engine/tab';
import { COLUMNS, type Column, MARKERS } from '../support/survival';

const STANDS = /^(kept|lost|changed|reached|did not reach|could not be laid|could not be read)$/;

async function openMatrix(tab: Tab): Promise<Matrix> {
  return new Matrix(await new Bench(tab).open()).open();
}

/** What the server sees of a request with these cookies, whoever sends it. */
type Seen = { carried: string[]; held: string | null };

test.describe('the matrix', () => {
  test.slow();

  test('every row that needs no leaving fills', async ({ session, tab }) => {
    const matrix = await openMatrix(tab);
    await matrix.runAll();
    for (const event of AUTOMATIC) {
      expect.soft(await matrix.hindrance(event), event).toBe('');
      const outcomes = await matrix.outcomes(event);
      expect.soft(Object.keys(outcomes), event).toEqual([...COLUMNS]);
      for (const [column, outcome] of Object.entries(outcomes)) expect.soft(outcome, `${event}, ${column}`).toMatch(STANDS);
    }
    expect(await session.openPages(), 'pages that are open').toBe(1);
  });

  for (const [event, reaches] of [['request with credentials', true], ['request without credentials', false]] as const) {
    test(`${event}: driver and server agree with each cell`, async ({ baseURL, carrying, session, tab }) => {
      const matrix = await openMatrix(tab);
      await matrix.run(event);
      const cookies = await session.cookies(baseURL!);
      const { carried, held } = await seen(await carrying(reaches ? cookies : []));
      const byServer = (column: Column, marker: string) => (column === 'Server session' ? held === marker : carried.includes(marker));
      const { held: laid } = await seen(await carrying(cookies));
      await agrees(matrix, event, {
        byDriver: (column, marker) => {
          const listed = (name: string) => cookies.find((cookie) => cookie.name === name)?.value;
          if (column === 'Server session') return reaches && laid === marker;
          return reaches && listed(MARKERS[column]) === marker;
        },
        byServer,
        isLaid: (column, marker) => column !== 'Server session' || laid === marker,
      });
    });
  }

  test('new tab without opener: it finds what a tab finds that the driver opens', async ({ another, holds, tab }) => {
    const event = 'new tab without opener';
    const matrix = await openMatrix(tab);
    await matrix.run(event);
    const elsewhere = await (await another()).open('/healthz');
    const [cookies, local, server] = [await holds(tab, 'Cookies'), await holds(tab, 'localStorage'), await holds(tab, 'Server session')];
    const found: Record<Column, Record<string, string>> = {
      'Session cookie': cookies,
      'Cookie with Max-Age': cookies,
      sessionStorage: await holds(elsewhere, 'sessionStorage'),
      localStorage: local,
      'Server session': server,
    };
    const there = (column: Column, marker: string) => found[column][MARKERS[column]] === marker;
    await agrees(matrix, event, { byDriver: there, byServer: there, isLaid: (column, marker) => column !== 'Server session' || there(column, marker) });
  });

  test('wait for expiry: driver and server agree with each cell', async ({ baseURL, carrying, holds, session, tab }) => {
    const event = 'wait for expiry';
    const matrix = await openMatrix(tab);
    await matrix.run(event);
    const cookies = await session.cookies(baseURL!);
    const { carried, held } = await seen(await carrying(cookies));
    const areas = { sessionStorage: await holds(tab, 'sessionStorage'), localStorage: await holds(tab, 'localStorage') };
    const isKept = (column: Column, marker: string, isCookieKept: (name: string) => boolean) => {
      if (column === 'sessionStorage' || column === 'localStorage') return areas[column][MARKERS[column]] === marker;
      return column === 'Server session' ? held === marker : isCookieKept(MARKERS[column]);
    };
    await agrees(matrix, event, {
      byDriver: (column, marker) => isKept(column, marker, (name) => cookies.some((cookie) => cookie.name === name && cookie.value === marker)),
      byServer: (column, marker) => isKept(column, marker, () => carried.includes(marker)),
      isLaid: (column, marker) => column !== 'Server session' || held === marker,
    });
  });
});

async function seen(request: { get: (path: string) => Promise<{ json: () => Promise<unknown> }> }): Promise<Seen> {
  return (await (await request.get('/lab/markers')).json()) as Seen;
}

type Oracles = Record<'byDriver' | 'byServer' | 'isLaid', (column: Column, marker: string) => boolean>;

/** Asserts that a row says of each marker what others than the page say of it. */
async function agrees(matrix: Matrix, event: string, { byDriver, byServer, isLaid }: Oracles): Promise<void> {
  const outcomes = await matrix.outcomes(event);
  expect(Object.keys(outcomes)).toEqual([...COLUMNS]);
  for (const column of COLUMNS) {
    const marker = await matrix.marker(event, column);
    const outcome = outcomes[column]!;
    if (!isLaid(column, marker)) {
      expect.soft(outcome, `${column}, where no marker lies`).toBe('could not be laid');
      continue;
    }
    const isThere = /^(kept|reached)$/.test(outcome);
    expect.soft(isThere, `${column}: ${outcome}; the driver`).toBe(byDriver(column, marker));
    expect.soft(isThere, `${column}: ${outcome}; the server`).toBe(byServer(column, marker));
  }
}
