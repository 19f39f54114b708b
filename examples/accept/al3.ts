import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRun, type Check } from './check.ts';
import { reportOfRun, winnow } from './winnow.ts';

/** A group as the facts of a file have it. */
interface ExpectedGroup {
  readonly code: string;
  readonly version: string;
  readonly length: number;
  readonly level?: string;
  readonly iteration?: number;
  readonly parent?: Omit<ExpectedGroup, 'version' | 'length'> | null;
}

/** What stands beside a file. */
interface Al3Facts {
  /** None: the file ends inside a group. */
  readonly groups?: readonly ExpectedGroup[];
  /** By names of their own: see {@link VALUES}. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly countOk?: unknown;
}

/** A node of a document. */
interface Node {
  readonly group: string;
  readonly version: string;
  readonly level?: string;
  readonly iteration?: number;
  readonly parent?: { readonly group: string; readonly level: string; readonly iteration: number };
  readonly offset: number;
  readonly length: number;
  readonly elements?: Readonly<Record<string, unknown>>;
  readonly notSent?: readonly string[];
  readonly merged?: readonly Node[];
  readonly children?: readonly Node[];
  readonly transactions?: readonly Node[];
  readonly trailer?: Node | null;
}

interface Al3Document {
  readonly messages: readonly Node[];
  readonly diagnostics: readonly { readonly code: string; readonly offset: number }[];
}

/** Says in words what the groups say. */
const SENTENCE = 'tree';
const NOT_SENT = 'NOT SENT (?)';
const BLANK = 'BLANK (spaces = remove data), not NOT-SENT';

/** Where the values of the facts stand in a document: the group, which one of it from 1, the element. */
const VALUES: Readonly<Record<string, readonly [group: string, which: number, element: string]>> = {
  '5BIS.insuredName': ['5BIS', 1, 'insured_name'],
  '5BIS.companyId': ['5BIS', 1, 'insurer_customer_id'],
  '5BPI.POLNO': ['5BPI', 1, 'policy_number'],
  '5BPI.FPREM': ['5BPI', 1, 'term_amount'],
  '5BPI.CPREM': ['5BPI', 1, 'net_change_amount'],
  '5BPI.effective': ['5BPI', 1, 'effective_date'],
  '5BPI.expiration': ['5BPI', 1, 'expiration_date'],
  '5BPI.effective6(81-86)': ['5BPI', 1, 'effective_date_short'],
  '5RMK.text': ['5RMK', 1, 'text'],
  '5DRV.birthDate': ['5DRV', 1, 'birth_date'],
  '6CVA[1].premium': ['6CVA', 1, 'premium'],
  '6CVA[1].limit1': ['6CVA', 1, 'limit_1'],
  '6CVA[1].limit2': ['6CVA', 1, 'limit_2'],
  '6CVA[2].deductible': ['6CVA', 2, 'deductible'],
  '5LAG[2].address1': ['5LAG', 2, 'address_line_1'],
  '5LAG[1].zip': ['5LAG', 1, 'postal_code'],
};

/** Every group of a document in the order of its file, with the values of merged ones at their base. */
const nodesOf = (node: Node): Node[] => {
  const { merged = [], children = [], transactions = [], trailer } = node;
  const below = [...merged, ...children, ...transactions, ...(trailer ? [trailer] : [])];
  return [node, ...below.flatMap(nodesOf)].sort((a, b) => a.offset - b.offset);
};

const reference = ({ group, level, iteration }: NonNullable<Node['parent']>) => ({
  code: group,
  level,
  iteration,
});

function groupOf({ group, version, level, iteration, parent, length }: Node): ExpectedGroup {
  const start = { code: group, version, length };
  if (level === undefined || iteration === undefined) return start;
  return { ...start, level, iteration, parent: parent ? reference(parent) : null };
}

/** Numbers that have decimals are read as text, so that none is lost. */
function valueOf(nodes: readonly Node[], name: string): unknown {
  const [group, which, element] = VALUES[name] ?? ['', 1, ''];
  const { elements = {}, notSent = [] } = nodes.filter((node) => node.group === group)[which - 1] ?? {};
  if (notSent.includes(element)) return NOT_SENT;
  const value = elements[element];
  if (value === null) return BLANK;
  return typeof value === 'string' && /^\d+$/.test(value) && element !== 'postal_code'
    ? Number(value)
    : value;
}

/** Invented files, mirrored: groups, tree, values and what is told are those of the facts beside them. */
export function acceptAl3(data: string, scratch: string): Check[] {
  const folder = join(data, 'al3');
  const output = join(scratch, 'al3');
  const told = ['--input-format', 'al3', '--decimals', 'string'];
  const { report, code } = reportOfRun(['--source', `${folder}/*.al3`, '--output', output, ...told]);
  const checks = [
    checkRun('AL3', 'balanced', true, report.balanced),
    checkRun('AL3', 'exit code', 0, code),
    checkRun('AL3', 'read and written', report.records.read, report.records.written),
    checkRun('AL3', 'verify', 0, winnow(['verify', output]).code),
  ];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.al3'))) {
    const text = readFileSync(join(output, file.replace(/al3$/, 'json')), 'utf8');
    const facts = readFileSync(join(folder, file.replace(/al3$/, 'expected.json')), 'utf8');
    checks.push(...checkDocument(file, JSON.parse(text) as Al3Document, JSON.parse(facts) as Al3Facts));
  }
  return checks;
}

function checkDocument(file: string, { messages, diagnostics }: Al3Document, facts: Al3Facts): Check[] {
  const nodes = messages.flatMap(nodesOf);
  const codes = diagnostics.map((one) => one.code);
  if (!facts.groups)
    return [
      checkRun(file, 'its end is told', true, codes.includes('cut-group')),
      checkRun(file, 'groups before it are there', true, nodes.length > 1),
    ];
  const values = Object.entries(facts.values ?? {}).filter(([name]) => name !== SENTENCE);
  return [
    checkRun(file, 'groups', facts.groups, nodes.map(groupOf)),
    checkRun(file, 'told', facts.countOk === false ? ['count-differs'] : [], codes),
    ...values.map(([name, expected]) => checkRun(file, name, expected, valueOf(nodes, name))),
  ];
}
