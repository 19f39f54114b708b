import { byColumn, type Dictionary, type Element, type GroupLayout } from './dictionary.ts';

/**
 * What Winnow knows by itself: some common groups, each element with its number, first column, length, type and a label of
 * our own. A full dictionary is licensed to its users, who give theirs with `--dictionary`.
 */
const STARTER: Readonly<Record<string, readonly string[]>> = {
  '1MHG message_header': [
    '1 11 18 AN origin_address',
    '2 29 18 AN destination_address',
    '5 69 6 AN system_type',
    '6 75 4 N0 software_revision',
    '7 79 6 N0 message_sequence',
    '9 98 1 AN count_unit',
    '11 109 2 AN standard_revision',
    '17 162 15 N0 sent_at',
    '18 177 20 AN contract',
  ],
  '2TRG transaction': [
    '1 11 2 AN structure_version',
    '2 13 8 AN application_revision',
    '4 22 1 AN automation_level',
    '5 23 2 AN category',
    '6 25 1 AN policy_routing',
    '7 26 5 AN line_of_business',
    '8 31 3 AN function',
    '13 38 10 AN sender',
    '15 73 10 AN recipient',
    '18 118 25 AN origin_reference',
    '19 143 4 N0 transaction_sequence',
    '21 153 4 N0 processing_cycle',
    '25 168 3 AN purpose',
    '30 188 8 DT8 quote_date',
    '32 197 8 DT8 transaction_date',
    '33 205 8 DT8 effective_date',
  ],
  '2TCG standards_used': pairs(),
  '2GCG omitted_groups': [...omitted(), '- 91 5 AN line_of_business'],
  '3MTG message_trailer': [
    '1 11 8 N0 total',
    '2 19 1 AN more_follows',
    '3 20 1 AN text_follows',
    '4 21 220 AN text',
  ],
  '5BIS insured': [
    '1 31 60 NM insured_name',
    '2 91 30 T insurer_customer_id',
    '3 121 30 T agency_customer_id',
    '4 151 2 AN legal_entity',
  ],
  '9BIS insured_address': [
    '51 31 30 T address_line_1',
    '52 61 30 T address_line_2',
    '53 91 19 T city',
    '54 110 2 A state',
    '55 112 9 AN postal_code',
    '56 121 14 AN telephone',
  ],
  '5BPI policy': [
    '1 31 25 AN policy_number',
    '3 66 6 AN company_code',
    '4 72 5 AN line_of_business',
    '- 81 6 DT6 effective_date_short twin=effective_date',
    '9 101 8 DT8 first_inception_date',
    '10 109 3 N0 renewal_term',
    '11 112 12 S2 term_amount',
    '12 124 12 S2 net_change_amount',
    '16 139 1 AN billing_method',
    '18 142 1 A new_account',
    '21 148 12 S2 nominal_amount',
    '22 160 12 S2 written_amount',
    '37 258 8 DT8 effective_date',
    '38 266 8 DT8 expiration_date',
  ],
  '5LAG location': [
    '1 31 4 N0 location_number',
    '2 35 30 T address_line_1',
    '3 65 30 T address_line_2',
    '4 95 19 T city',
    '5 114 2 A state',
    '6 116 9 AN postal_code',
    '7 125 19 T county',
  ],
  '5RMK remark': [
    '1 31 2 AN element_referred_to',
    '2 33 2 N0 remark_number',
    '3 35 1 A impact',
    '4 36 160 T text',
  ],
  '5DRV driver': [
    '1 31 4 N0 insurer_driver_number',
    '2 35 4 N0 agency_driver_number',
    '3 39 60 NM driver_name',
    '4 99 9 N0 social_security_number',
    '5 108 25 AN licence_number',
    '6 133 2 A licence_state',
    '14 161 8 DT8 birth_date',
    '16 177 8 DT8 licensed_date',
  ],
  '5VEH vehicle': [
    '1 31 4 N0 insurer_vehicle_number',
    '2 35 4 N0 agency_vehicle_number',
    '3 39 4 N0 model_year',
    '4 43 20 T make',
    '5 63 20 T model',
    '7 88 25 AN vin',
    '8 113 2 A registration_state',
    '10 119 8 N0 cost_new',
    '19 165 12 S2 total_term_amount',
  ],
  '6CVA coverage': [
    '1 31 5 AN coverage_code',
    '5 51 10 S5 rate',
    '6 61 12 S2 premium',
    '11 103 8 N0 limit_1',
    '12 111 8 N0 limit_2',
    '13 119 6 N0 deductible',
    '21 140 2 AN deductible_type',
    '22 142 12 S2 discount',
    '23 154 60 T description',
    '24 214 8 DT8 effective_date',
    '25 222 8 DT8 expiration_date',
  ],
  '6TTI truckers': [
    '1 31 4 N0 radius',
    '2 35 1 N0 radius_code',
    '3 36 3 N0 days',
    '4 39 5 N0 trailers',
    '5 44 2 N0 zone',
    '6 46 8 N2 trailer_value',
  ],
};

/** Twenty standards, each with its version. */
function pairs(): string[] {
  return Array.from({ length: 20 }, (_, index) => {
    const start = 11 + 5 * index;
    return [`- ${start} 3 AN standard_${index + 1}`, `- ${start + 3} 2 AN version_${index + 1}`];
  }).flat();
}

/** Twenty names of groups that the sender leaves out. */
function omitted(): string[] {
  return Array.from({ length: 20 }, (_, index) => `- ${11 + 4 * index} 4 AN omitted_${index + 1}`);
}

function element(line: string): Element {
  const [number = '', start, length, type = '', name = '', twin] = line.split(' ');
  return {
    ...(number === '-' ? {} : { number }),
    name,
    start: Number(start),
    length: Number(length),
    type,
    ...(twin === undefined ? {} : { twin: twin.replace('twin=', '') }),
  };
}

function layout(heading: string, lines: readonly string[]): GroupLayout {
  const [group = '', name = ''] = heading.split(' ');
  return { group, name, elements: byColumn(lines.map(element)) };
}

export const STARTER_DICTIONARY: Dictionary = new Map(
  Object.entries(STARTER).map(([heading, lines]) => {
    const known = layout(heading, lines);
    return [known.group, known];
  }),
);
