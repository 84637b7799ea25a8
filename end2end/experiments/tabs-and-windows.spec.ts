// Tabs and windows: held against what the windows themselves hold, and the events that a second tab and the debugger note.
import { Experiment, leavesNoTrace } from '../support/experiment';
import { expect, test } from '../support/fixtures';

type News = { key: string | null; newValue: string | null };

test('a window with an opener has a copy, one without has not, and only others hear of a change', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('tabs-and-windows', '?value=ada');
  // A second tab hears of localStorage, and of no other tab's sessionStorage.
  const second = await context.newPage();
  await second.goto('/healthz');
  await second.evaluate(() => {
    const news: News[] = [];
    Object.assign(window, { news, areas: [localStorage.length, sessionStorage.length] });
    addEventListener('storage', ({ key, newValue }) => news.push({ key, newValue }));
  });
  // What the run proved before, it wrote too.
  const heard = async () => {
    const news = await second.evaluate(() => (window as unknown as { news: News[] }).news);
    return news.filter(({ key }) => !key!.endsWith('-proof'));
  };

  await experiment.predict(/^Only the one that knows its opener: it gets a copy/);
  const opening = context.waitForEvent('page');
  await experiment.button('Step by step').click();
  const opened = await opening;
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  const entries = () => Object.entries(sessionStorage).filter(([name]) => name.startsWith('lab-x'));
  const name = expect.stringMatching(/^lab-x\w+-session$/);
  expect(await page.evaluate(entries)).toEqual([[name, 'ada']]);
  expect(await opened.evaluate(entries)).toEqual([[name, 'changed']]);
  const rows = (step: number, cell: string) => experiment.lane(step, 'Browser').getByRole('row').filter({ hasText: cell });
  await expect(rows(1, 'the window, at first')).toContainText('“ada”');
  await expect(rows(1, 'this page, after that')).toContainText('“ada”');

  const closed = opened.waitForEvent('close');
  await experiment.button('Next step').click();
  await closed;
  await expect(rows(2, 'this page, which wrote').getByRole('cell')).toHaveText(['nothing', 'nothing']);
  const changes = '“1”, then “2”, then nothing there';
  await expect(rows(2, 'a frame in it').getByRole('cell')).toHaveText([changes, 'the change']);
  await expect(rows(2, 'the window').last().getByRole('cell')).toHaveText([changes, 'nothing']);
  await expect.poll(heard).toHaveLength(3);
  const news = await heard();
  expect(news.map(({ newValue }) => newValue)).toEqual(['1', '2', null]);
  expect(news.every(({ key }) => key!.startsWith('lab-x') && key!.endsWith('-local'))).toBe(true);

  const reader = context.waitForEvent('page');
  await expect(experiment.button('Next step')).toHaveAttribute('aria-disabled', 'false');
  await experiment.button('Next step').click();
  await reader;
  await experiment.concludes('Holds.');
  await expect(experiment.lane(3, 'Browser')).toContainText('The entry is not there.');
  await expect(experiment.verdict).toContainText('the page itself heard 0, the frame 4 and the window 3');
  await expect(experiment.verdict).toContainText('You expected just that');
  await leavesNoTrace(context, page);
  await expect.poll(() => context.pages().length).toBe(2);
});

test('it finds the same at once, and twice', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('tabs-and-windows');
  for (let times = 1; times <= 2; times++) {
    await experiment.predict(/^Both/);
    await experiment.run('Holds.');
    await expect(experiment.verdict).toContainText('The one with noopener began without it.');
    await expect(experiment.verdict).toContainText('You expected: Both');
    await leavesNoTrace(context, page);
    await experiment.reset();
  }
  await expect.poll(() => context.pages()).toEqual([page]);
});

test('where a second window is not opened even by a click, that is told, and how to allow it', async ({ context, page }) => {
  const experiment = await new Experiment(page).open('tabs-and-windows');
  await page.evaluate(() => {
    const open = window.open.bind(window);
    window.open = (address, target, features) => (features === 'noopener' ? null : open(address, target, features));
  });
  await experiment.predict(/^Only the one that knows its opener: it gets a copy/);
  await experiment.button('Run it').click();
  await experiment.button('Open the window').click({ timeout: 20_000 });
  await experiment.concludes('Cannot be tried here.');
  await expect(experiment.verdict).toContainText('Allow this site to open windows (pop-ups), then run it again.');
  await leavesNoTrace(context, page);
});
