import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Says at the end of the generated types which description they were made from; tests/house compares. */
const types = 'src/lib/api/generated.ts';
const described = readFileSync('openapi.json', 'utf8').replace(/"version": "[^"]*"/, '').trim();
const digest = createHash('sha256').update(described).digest('hex');
writeFileSync(types, `${readFileSync(types, 'utf8').trimEnd()}\n\n// made from ${digest}\n`);
