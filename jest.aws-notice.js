/** Said after `npm test`: which suites were not part of it, and what they need. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const isThere = (process.env.PATH ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'moto_server'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

const words = isThere
  ? ['The suites over S3 and AWS Batch are a run of their own: npm run test:aws']
  : [
      'NOT TESTED HERE: S3 and AWS Batch. Their suites (npm run test:aws) need moto_server on the PATH:',
      "  pip install 'moto[all,server]'",
    ];
const line = '!'.repeat(Math.max(...words.map(({ length }) => length)));
console.log(isThere ? `\n${words.join('\n')}` : `\n${[line, ...words, line].join('\n')}`);
