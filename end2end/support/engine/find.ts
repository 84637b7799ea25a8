// Finding by role and accessible name in any engine: Testing Library does it, inside the page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as TestingLibrary from '@testing-library/dom';

/** A text as it is, or a pattern. */
export type Words = string | RegExp;
/** The same, as it is handed to a page. */
type Sent = { is: string } | { matches: string; flags: string };

/** A step of the way to an element. */
export type Step =
  | { to: 'role'; role: string; name?: Sent }
  | { to: 'label'; label: Sent }
  | { to: 'selector'; selector: string }
  | { to: 'saying'; text: Sent }
  | { to: 'having'; steps: Step[] }
  | { to: 'place'; place: number };

export const send = (words: Words): Sent => (typeof words === 'string' ? { is: words } : { matches: words.source, flags: words.flags });

export type Finder = (steps: Step[]) => HTMLElement[];
export type Finding = typeof globalThis & { TestingLibraryDom?: typeof TestingLibrary; labFind?: Finder; labHit?: boolean };

/** Runs in the page. */
function find(steps: Step[]): HTMLElement[] {
  const library = (globalThis as Finding).TestingLibraryDom!;
  const read = (sent: Sent) => ('is' in sent ? sent.is : new RegExp(sent.matches, sent.flags));
  const textOf = (element: HTMLElement) => element.textContent!.replace(/\s+/g, ' ').trim();
  const below = (from: HTMLElement[], step: Step): HTMLElement[] => {
    switch (step.to) {
      case 'role': {
        const name = step.name && read(step.name);
        const options = name === undefined ? {} : { name };
        return from.flatMap((element) => library.queryAllByRole(element, step.role, options));
      }
      case 'label':
        return from.flatMap((element) => library.queryAllByLabelText(element, read(step.label)));
      case 'selector':
        return from.flatMap((element) => [...element.querySelectorAll<HTMLElement>(step.selector)]);
      case 'saying': {
        const text = read(step.text);
        return from.filter((element) => (typeof text === 'string' ? textOf(element).includes(text) : text.test(textOf(element))));
      }
      case 'having':
        return from.filter((element) => step.steps.reduce(below, [element]).length > 0);
      case 'place':
        return from.slice(step.place, step.place === -1 ? undefined : step.place + 1);
    }
  };
  return [...new Set(steps.reduce(below, [document.body]))];
}

const require = createRequire(import.meta.url);

/** What a page has to run before anything can be found in it. */
export const FINDER = [
  readFileSync(require.resolve('@testing-library/dom/dist/@testing-library/dom.umd.min.js'), 'utf8'),
  `globalThis.labFind = ${find};`,
].join('\n');
