import { figuresOf, overBudget } from './figures.ts';
import { productFiles } from './source-files.ts';

const figures = figuresOf(productFiles());
console.log(JSON.stringify(figures, undefined, 2));
const over = overBudget(figures);
for (const sentence of over) console.error(sentence);
process.exitCode = over.length > 0 ? 1 : 0;
