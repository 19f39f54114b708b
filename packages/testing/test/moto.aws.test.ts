import { expect, test } from '@jest/globals';
import { startMoto } from '../src/moto/moto.ts';

test('answers when it has started, is gone when it has stopped', async () => {
  const moto = await startMoto();
  const answer = await fetch(`${moto.url}/moto-api/data.json`);
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
  await moto.stop();
  await moto.stop();
  await expect(fetch(`${moto.url}/moto-api/data.json`)).rejects.toThrow();
});

test('two of them do not share anything', async () => {
  const both = await Promise.all([startMoto(), startMoto()]);
  const [one, other] = both.map(({ url }) => `${url}/bucket-of-one`);
  expect((await fetch(one!, { method: 'PUT' })).status).toBe(200);
  expect((await fetch(one!)).status).toBe(200);
  expect((await fetch(other!)).status).toBe(404);
  await Promise.all(both.map((moto) => moto.stop()));
});

test('where it is missing, it says what to install', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  try {
    await expect(startMoto()).rejects.toThrow(/no such program.*pip install 'moto\[all,server\]'/);
  } finally {
    process.env['PATH'] = path;
  }
});
