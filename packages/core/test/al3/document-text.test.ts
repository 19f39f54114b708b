import { describe, expect, test } from '@jest/globals';
import { MAX_LISTED_DIAGNOSTICS } from '../../src/al3/json-document.ts';
import {
  bytesOf,
  dataGroup,
  documentOf,
  group,
  HEADER,
  INSURED,
  LOCATION,
  MESSAGE,
  textOf,
  trailer,
  TRANSACTION,
  type JsonNode,
} from './al3-text.ts';

const ADDRESS = dataGroup('9BIS', 130, ['B10001'], { 31: '1 MAIN STREET'.padEnd(30), 91: ' '.repeat(19) });
const POLICY = dataGroup('5BPI', 285, ['F10001', '5BISB10001'], {
  ...{ 31: 'POL-1'.padEnd(25), 81: '260201', 112: '00000123456+', 124: '00000012345-', 148: '12A' },
  ...{ 200: 'UNKNOWN', 258: '20260201' },
});
const UNKNOWN = dataGroup('5ZZZ', 60, ['F20001', '5BPIF10001'], { 31: 'UNKNOWN \xdc' });
const FILE = [HEADER, TRANSACTION, INSURED, ADDRESS, POLICY, UNKNOWN, trailer(9)].join('\r\n');

/** All nodes below one, by the group. */
function nodesOf(node: JsonNode): Record<string, JsonNode> {
  const below = (node.children ?? []).map(nodesOf);
  return Object.assign({ [node.group ?? 'none']: node }, ...below) as Record<string, JsonNode>;
}

async function nodes(text: string): Promise<Record<string, JsonNode>> {
  const [message] = (await documentOf(text)).messages;
  return Object.assign({}, ...(message?.transactions ?? []).map(nodesOf)) as Record<string, JsonNode>;
}

describe('a document', () => {
  test('has messages with transactions and a trailer', async () => {
    const { messages, diagnostics } = await documentOf(MESSAGE.join('') + MESSAGE.join(''));
    expect(messages.map((one) => [one.group, one.transactions.length, one.trailer?.group])).toEqual([
      ['1MHG', 1, '3MTG'],
      ['1MHG', 1, '3MTG'],
    ]);
    expect(messages[0]).toMatchObject({ version: '7', offset: 0, length: 196 });
    expect(messages[0]?.elements).toMatchObject({
      origin_address: 'SENDER',
      count_unit: '1',
      contract: null,
    });
    expect(messages[1]).toMatchObject({
      offset: MESSAGE.join('').length,
      trailer: { elements: { total: 7 } },
    });
    expect(diagnostics).toEqual([]);
  });

  test('has what was sent, what was blank, and what was not sent', async () => {
    const { '5BIS': insured } = await nodes(FILE);
    expect(insured).toMatchObject({
      ...{ version: '1', level: 'B1', iteration: 1, offset: 412, length: 172 },
      elements: {
        insured_name: { type: 'C', name: 'ACME FARMS' },
        address_line_1: '1 MAIN STREET',
        city: null,
      },
      notSent: expect.arrayContaining(['insurer_customer_id', 'state']),
      merged: [{ group: '9BIS', version: '1', level: 'B1', iteration: 1, offset: 586, length: 130 }],
    });
    expect(Object.keys(insured?.elements ?? {})).not.toContain('state');
    // Behind the end of its group.
    expect(insured?.['notSent']).not.toContain('telephone_extension');
  });

  test('tells elements of a merged group apart from those of its base', async () => {
    const layout = (name: string) => ({
      ...{ group: name, name, elements: [{ name: 'first', start: 31, length: 4, type: 'AN' }] },
    });
    const dictionary = new Map(['5BIS', '9BIS'].map((name) => [name, layout(name)]));
    const text = await textOf(HEADER + TRANSACTION + INSURED + ADDRESS, { dictionary });
    expect(text).toContain('"elements":{"first":"CACM","9bis_first":"1 MA"},"rest":{"35":"E FARMS');
    expect(text).toContain('"9bis:35":"IN STREET');
  });

  test('keeps what no element holds, groups and columns', async () => {
    const { '5ZZZ': unknown, '5BPI': policy } = await nodes(FILE);
    expect(unknown).toMatchObject({ raw: UNKNOWN, parent: { group: '5BPI', level: 'F1', iteration: 1 } });
    expect(unknown?.elements).toBeUndefined();
    expect(policy?.['rest']).toEqual({ 172: `${'?'.repeat(28)}UNKNOWN${'?'.repeat(51)}` });
  });

  test('writes numbers with all their decimals, as strings on request', async () => {
    expect(await textOf(FILE)).toContain('"term_amount":1234.56,"net_change_amount":-123.45,');
    expect(await textOf(FILE, { decimals: 'string' })).toContain('"term_amount":"1234.56",');
    const { '5LAG': location } = await nodes([HEADER, TRANSACTION, LOCATION].join(''));
    expect(location?.elements).toMatchObject({ location_number: 1 });
  });

  test('keeps a value that does not fit, and tells where it stands', async () => {
    const { '5BPI': policy } = await nodes(FILE);
    expect(policy?.elements).toMatchObject({ nominal_amount: `12A${'?'.repeat(9)}` });
    const { diagnostics } = await documentOf(FILE);
    const offset = FILE.indexOf('12A');
    expect(diagnostics).toContainEqual({
      ...{ severity: 'error', code: 'value-misfit', offset, group: '5BPI' },
      message: 'nominal_amount (21): S2 is digits and then + or -, got "12A?????????"',
    });
  });

  test('takes a date with its century in the place of the short one', async () => {
    const { '5BPI': policy } = await nodes(FILE);
    expect(policy?.elements).toMatchObject({ effective_date: '2026-02-01' });
    expect(Object.keys(policy?.elements ?? {})).not.toContain('effective_date_short');
    const other = await documentOf(FILE.replace('260201?', '270201?'));
    expect(other.diagnostics.map(({ code }) => code)).toContain('twin-differs');
    const alone = await nodes(FILE.replace('20260201???', '???????????'));
    expect(alone['5BPI']?.elements).toMatchObject({ effective_date_short: '2026-02-01' });
  });

  test('has the text of each element on request', async () => {
    const text = await textOf(FILE, { raw: true });
    expect(text).toContain(`"address_line_1":"${'1 MAIN STREET'.padEnd(30)}"`);
    expect(text).toContain(
      '"rawElements":{"policy_number":"POL-1                    ","company_code":"??????"',
    );
  });

  test('keeps what stands outside of transactions, and in them without being a group', async () => {
    const text = `junk${HEADER}${INSURED}${TRANSACTION}jetsam${trailer(4)}`;
    const { messages, outside } = await documentOf(text);
    expect(outside).toMatchObject([
      { offset: 0, length: 4, raw: 'junk' },
      { group: '5BIS', offset: 200 },
    ]);
    expect(messages[0]?.transactions[0]?.['stray']).toEqual([{ offset: 584, length: 6, raw: 'jetsam' }]);
  });

  test('keeps the groups before the one that the input ends in, and of that one what is there', async () => {
    const text = FILE.slice(0, 800);
    const { '5BPI': policy, '5BIS': insured } = await nodes(text);
    expect(insured).toBeDefined();
    expect(policy).toMatchObject({ cut: true, raw: POLICY.slice(0, 800 - 718) });
    const { diagnostics } = await documentOf(text);
    expect(diagnostics.map(({ code, offset }) => [code, offset])).toContainEqual(['cut-group', 718]);
  });

  test.each(['', 'no AL3 at all', HEADER, TRANSACTION, trailer(0)])(
    'is one whatever there is: %j',
    async (text) => {
      expect(Object.keys(await documentOf(text))).toEqual(
        expect.arrayContaining(['messages', 'diagnostics']),
      );
    },
  );

  test('lists so many diagnostics, and counts the others', async () => {
    const orphans = dataGroup('5XXX', 30, ['A10001', '5YYYA10001']).repeat(MAX_LISTED_DIAGNOSTICS + 5);
    const text = await textOf(
      bytesOf(HEADER + TRANSACTION + orphans + group('3MTG', 20, { 11: '????????' })),
    );
    expect(text).toContain('"unlistedDiagnostics":5}');
  });
});
