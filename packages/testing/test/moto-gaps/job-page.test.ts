import { expect, test } from '@jest/globals';
import { ClientException } from '../../src/moto-gaps/client-exception.ts';
import { jobPage } from '../../src/moto-gaps/job-page.ts';

const jobs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ jobId: `job${i}`, createdAt: 1000 + i }));
const children = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ jobId: `parent:${i}`, createdAt: 1000 - i }));
const ids = (page: readonly { jobId: string }[]): string[] => page.map(({ jobId }) => jobId);

/** The sizes of all pages, and all ids. */
function pages(all: ReturnType<typeof jobs>, request: object): { sizes: number[]; read: string[] } {
  const sizes: number[] = [];
  const read: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = jobPage(all, { ...request, ...(nextToken !== undefined && { nextToken }) });
    sizes.push(answer.page.length);
    read.push(...ids(answer.page));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return { sizes, read };
}

const filters = [{ name: 'JOB_NAME', values: ['*'] }];
test.each([
  ['by status', 2500, {}, [1000, 1000, 500]],
  ['by status, full pages', 2000, {}, [1000, 1000]],
  ['by filter', 250, { filters }, [100, 100, 50]],
  ['by maxResults', 5, { maxResults: 2 }, [2, 2, 1]],
  ['maxResults beyond the limit', 150, { filters, maxResults: 140 }, [100, 50]],
  ['none', 0, {}, [0]],
])('pages %s', (_, count, request, sizes) => {
  const result = pages(jobs(count), request);
  expect(result.sizes).toEqual(sizes);
  expect(new Set(result.read).size).toBe(count);
});

test('the most recent come first, children by their index', () => {
  expect(ids(jobPage(jobs(3), {}).page)).toEqual(['job2', 'job1', 'job0']);
  expect(ids(jobPage(children(11), {}).page).at(-1)).toBe('parent:10');
});

test('nothing is passed over when jobs leave the list between two pages', () => {
  const first = jobPage(children(6), { maxResults: 2 });
  expect(ids(first.page)).toEqual(['parent:0', 'parent:1']);
  const left = children(6).slice(2);
  const second = jobPage(left, { maxResults: 2, nextToken: first.nextToken });
  expect(ids(second.page)).toEqual(['parent:2', 'parent:3']);
});

test.each([{ maxResults: 0 }, { nextToken: 'nonsense' }])('%j is refused', (request) => {
  expect(() => jobPage(jobs(3), request)).toThrow(ClientException);
});
