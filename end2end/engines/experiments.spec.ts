// Every experiment comes to a true verdict or says why it cannot be tried, leaves nothing, and does what the atlas says.
import { CALLED, readAtlas, recorded } from '../atlas/file';
import { NAMES } from '../support/engine/engine';
import { Experiment } from '../support/engine/experiment';
import { expect, test } from '../support/engine/fixtures';
import { leavesNothing } from '../support/engine/leftovers';
import { soon } from '../support/engine/tab';
import { SLUGS } from '../support/experiment';

/** Some experiments are about being refused, of which browsers write a line. */
export const REFUSED = /\b4(01|03|04|22|31)\b|Content[- ]Security[- ]Policy/i;

const ATLAS = readAtlas();
/** One comes to its verdict only after the browser was quit. */
const AT_ONCE = SLUGS.filter((slug) => slug !== 'close-the-browser');

for (const slug of AT_ONCE) {
  test(`${slug} concludes as the atlas says, and leaves nothing`, async ({ baseURL, driven, engine, scheme, session, tab, tolerate }) => {
    tolerate(REFUSED);
    const experiment = await new Experiment(tab).open(slug);
    await experiment.start();
    const { outcome, answer, words } = await experiment.concludes();
    test.info().annotations.push({ type: outcome, description: words });
    // Where a claim cannot be tried, the reason and a remedy are said.
    expect(words).toMatch(/\w+.*\./);
    expect(await tab.broken.texts()).toEqual([]);
    expect(await session.openPages(), 'pages that are open').toBe(1);
    await leavesNothing(session, tab, baseURL!);

    const known = recorded(ATLAS, CALLED[engine].engine, scheme)?.experiments[slug];
    const told =
      `app/atlas.json is of another run than this one in ${NAMES[engine]} ${driven.version} over ${scheme}: ` +
      `if it is right (“${words}”), record the new version with script/atlas`;
    expect({ outcome, answer }, told).toEqual(known && { outcome: known.outcome, answer: known.answer });
  });
}

test('close-the-browser lays its marks, says what to do, and takes them away when it is reset', async ({ baseURL, session, tab }) => {
  const experiment = await new Experiment(tab).open('close-the-browser');
  await experiment.start();
  const marks = async () => {
    const names = (await session.cookies(baseURL!)).map(({ name }) => name);
    return names.flatMap((name) => /^lab-x\w+-(cookie|timed)$/.exec(name)?.[1] ?? []).toSorted();
  };
  await soon(() => experiment.controls.role('status').text()).toContain('The marks are laid. Quit the browser now');
  expect(await marks()).toEqual(['cookie', 'timed']);
  await experiment.button('Reset').click();
  await soon(marks).toEqual([]);
  await leavesNothing(session, tab, baseURL!);
});
