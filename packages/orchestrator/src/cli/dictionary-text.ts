import type { Element, GroupLayout, LoadedDictionary } from '@winnow/core';

/** A dictionary as YAML that `--dictionary` and `--overrides` take. */
export function dictionaryYaml({ dictionary, gaps }: LoadedDictionary, group?: string): string {
  const layouts = [...dictionary.values()].filter((layout) => group === undefined || layout.group === group);
  return [...gaps.map((gap) => `# ${gap}`), 'groups:', ...layouts.flatMap(groupLines)].join('\n');
}

const groupLines = ({ group, name, elements }: GroupLayout): string[] => [
  `  - code: ${group}`,
  `    name: ${JSON.stringify(name)}`,
  '    elements:',
  ...elements.map(elementLine),
];

function elementLine({ number, name, start, length, type, twin }: Element): string {
  const fields = [
    ...(number === undefined ? [] : [`seq_num: ${JSON.stringify(number)}`]),
    `start: ${start}`,
    `length: ${length}`,
    `data_type: ${type}`,
    `name: ${JSON.stringify(name)}`,
    ...(twin === undefined ? [] : [`twin: ${JSON.stringify(twin)}`]),
  ];
  return `      - { ${fields.join(', ')} }`;
}
