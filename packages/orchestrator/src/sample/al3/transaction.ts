import type { Random } from '../random.ts';
import { amount, groupBytes, person } from './group.ts';

/** A transaction as its groups, the `2TRG` first, with what the manifest sums up. */
export interface SampleTransaction {
  readonly groups: readonly Buffer[];
  readonly policyNumber: string;
  /** Of the whole term, in cents: the coverages together. */
  readonly premium: number;
}

const FIRST = ['ALEX', 'SAM', 'JO', 'ANDR\xc9', 'BJ\xd6RN', 'N\xda\xd1EZ'] as const;
const LAST = ['SAMPLE', 'EXAMPLE', 'MUSTER', "O'SPECIMEN", 'P\xc9REZ'] as const;
const MAKES = ['MAKEONE', 'MAKETWO', 'MAKETHREE'] as const;
const CITIES = ['ANYTOWN', 'OTHERTOWN', 'FARM VALLEY'] as const;
const COVERAGES = ['BI', 'PD', 'COLL', 'COMP', 'UM'] as const;
/** Texts that a careless reader trips over: question marks, marks of compression, what looks like a group. */
const REMARKS = [
  'WHAT? A QUESTION MARK INSIDE TEXT',
  'COSTS \xfa20 MORE',
  'SEE 5BPI285 BELOW',
  'AREA 120 M\xb3',
  'PER\xda',
] as const;

const day = (random: Random): string =>
  `20${10 + random.below(16)}${String(1 + random.below(12)).padStart(2, '0')}${String(1 + random.below(28)).padStart(2, '0')}`;

const iteration = (level: string, number: number): string => `${level}${String(number).padStart(4, '0')}`;

/** The transaction number `index` of the archive. */
export function sampleTransaction(index: number, random: Random): SampleTransaction {
  const policyNumber = `POL-${String(index).padStart(9, '0')}`;
  const locations = Array.from({ length: 1 + random.below(2) }, (_, at) => location(at + 1, random));
  const premium = locations.reduce((sum, one) => sum + one.premium, 0);
  const groups = [
    ...start(index, random),
    ...insured(random),
    policy(policyNumber, premium, random),
    ...(random.once(2) ? [remark(random)] : []),
    ...Array.from({ length: 1 + random.below(2) }, (_, at) => driver(at + 1, random)),
    ...locations.flatMap((one) => one.groups),
    ...(random.once(3) ? [unknown()] : []),
  ];
  return { groups, policyNumber, premium };
}

function start(index: number, random: Random): Buffer[] {
  const transaction = {
    ...{ structure_version: '90', automation_level: '3', category: 'P', line_of_business: 'AUTO' },
    ...{ function: 'FMG', transaction_sequence: String(index % 10_000), purpose: 'RWL' },
    ...{ transaction_date: day(random), effective_date: day(random) },
  };
  return [
    groupBytes({ group: '2TRG', version: '7', length: 212 }, transaction),
    groupBytes({ group: '2TCG', version: '3', length: 135 }, { standard_1: '301', version_1: '41' }),
    groupBytes(
      { group: '2GCG', version: '1', length: 110 },
      { omitted_1: '5AOI', line_of_business: 'AUTOP' },
    ),
  ];
}

function insured(random: Random): Buffer[] {
  const place = { place: 'B10001', version: '2' };
  const name = random.once(5) ? 'CACME FARMS & SONS' : person(random.pick(FIRST), random.pick(LAST));
  const address = {
    ...{ address_line_1: `${1 + random.below(999)} EXAMPLE STREET`, city: random.pick(CITIES) },
    ...{ state: 'NY', postal_code: '10001', ...(random.once(3) && { address_line_2: '' }) },
  };
  return [
    groupBytes({ group: '5BIS', length: 172, ...place }, { insured_name: name, legal_entity: 'IN' }),
    groupBytes({ group: '9BIS', length: 343, ...place }, address),
  ];
}

function policy(policyNumber: string, premium: number, random: Random): Buffer {
  const values = {
    ...{ policy_number: policyNumber, company_code: '99999', line_of_business: 'AUTOP' },
    ...{ term_amount: amount(premium), net_change_amount: amount(random.below(20_000) - 10_000) },
    ...{ effective_date: '20260201', expiration_date: '20270201' },
  };
  const place = { place: 'F10001', parent: '5BISB10001', version: 'H' };
  // A sender leaves out what it has nothing for at the end: also inside an element.
  return groupBytes({ group: '5BPI', length: random.once(6) ? 275 : 285, ...place }, values);
}

const remark = (random: Random): Buffer =>
  groupBytes(
    { group: '5RMK', version: '1', place: 'F20001', parent: '5BPIF10001', length: 195 },
    { remark_number: '1', text: random.pick(REMARKS) },
  );

function driver(number: number, random: Random): Buffer {
  const values = {
    ...{ insurer_driver_number: String(number), driver_name: person(random.pick(FIRST), random.pick(LAST)) },
    ...{
      social_security_number: String(1 + random.below(999_999_999)),
      licence_number: `TEST-${random.below(99_999)}`,
    },
    ...{ licence_state: 'NY', birth_date: `19${50 + random.below(50)}0704` },
  };
  const place = { place: iteration('F2', number), parent: '5BPIF10001', version: 'A' };
  return groupBytes({ group: '5DRV', length: 218, ...place }, values);
}

interface Rated {
  readonly groups: Buffer[];
  readonly premium: number;
}

function location(number: number, random: Random): Rated {
  const values = {
    ...{
      location_number: String(number),
      address_line_1: `${number} EXAMPLE STREET`,
      city: random.pick(CITIES),
    },
    ...{ state: 'NJ', postal_code: '07001' },
  };
  const place = { place: iteration('L1', number), parent: '5BPIF10001', version: '1' };
  // Iterations begin anew below each location.
  const vehicles = Array.from({ length: 1 + random.below(2) }, (_, at) => vehicle(number, at + 1, random));
  return {
    groups: [
      groupBytes({ group: '5LAG', length: 168, ...place }, values),
      ...vehicles.flatMap((one) => one.groups),
    ],
    premium: vehicles.reduce((sum, one) => sum + one.premium, 0),
  };
}

function vehicle(locationNumber: number, number: number, random: Random): Rated {
  const coverages = Array.from({ length: 1 + random.below(3) }, (_, at) => coverage(number, at + 1, random));
  const premium = coverages.reduce((sum, one) => sum + one.premium, 0);
  const values = {
    ...{ insurer_vehicle_number: String(number), model_year: String(2000 + random.below(26)) },
    ...{
      make: random.pick(MAKES),
      model: 'MODELX',
      vin: `1TESTVIN${String(random.below(1e9)).padStart(9, '0')}`,
    },
    ...{ total_term_amount: amount(premium) },
  };
  const place = {
    place: iteration('R1', number),
    parent: `5LAG${iteration('L1', locationNumber)}`,
    version: 'B',
  };
  return {
    groups: [
      groupBytes({ group: '5VEH', length: 251, ...place }, values),
      ...coverages.flatMap((one) => one.groups),
    ],
    premium,
  };
}

function coverage(vehicleNumber: number, number: number, random: Random): Rated {
  const premium = 1000 + random.below(100_000);
  const values = {
    ...{
      coverage_code: random.pick(COVERAGES),
      rate: amount(random.below(1_000_000)),
      premium: amount(premium),
    },
    ...{
      limit_1: '100000',
      limit_2: '300000',
      ...(random.once(2) && { deductible: '500', deductible_type: 'FL' }),
    },
  };
  const place = {
    place: iteration('W1', number),
    parent: `5VEH${iteration('R1', vehicleNumber)}`,
    version: '9',
  };
  return { groups: [groupBytes({ group: '6CVA', length: 262, ...place }, values)], premium };
}

const unknown = (): Buffer =>
  groupBytes({ group: '5ZZZ', version: '1', place: 'F20001', parent: '5BPIF10001', length: 60 }, {});
