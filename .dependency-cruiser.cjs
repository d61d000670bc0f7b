/** Who may import whom. A folder may import itself and what its row allows; `only` makes the rule that refuses the rest. */
const folders = '^(core|cdk|drivers|functions|statemachines|platform|local|portal|test)/';

const only = (name, { from, allowed, comment }) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: folders, pathNot: allowed },
});

const entries = '^functions/(http/(auth|providers|api)|control|events|driver|doctor)/(entry|serve)\\.ts$';

module.exports = {
  forbidden: [
    only('core-is-pure', { from: '^core/', allowed: '^(core|drivers/sdk)/', comment: 'The domain knows no store, no cloud, no driver.' }),
    only('sdk-stands-alone', { from: '^drivers/sdk/', allowed: '^drivers/sdk/', comment: 'A third party builds on the SDK alone.' }),
    {
      name: 'driver-knows-arrays-only',
      severity: 'error',
      comment: 'A driver imports the SDK and its own folder.',
      from: { path: '^drivers/([^/]+)/', pathNot: '^drivers/sdk/' },
      to: { path: folders, pathNot: '^drivers/(sdk|$1)/' },
    },
    {
      name: 'simulator-is-not-the-driver',
      severity: 'error',
      comment: 'A simulator that shares code with its driver would share its mistakes.',
      from: { path: '^drivers/([^/]+)/simulator/' },
      to: { path: '^drivers/', pathNot: '^drivers/$1/simulator/' },
    },
    only('dsl-is-data', {
      from: '^statemachines/(dsl/|registry)',
      allowed: '^(statemachines/(dsl/|[^/]+/workflow\\.ts$)|drivers/sdk/errors\\.ts$)',
      comment: 'Definitions are compiled at synth without loading what they run.',
    }),
    only('workflows-are-data', {
      from: '^statemachines/[^/]+/workflow\\.ts$',
      allowed: '^(statemachines/dsl/|drivers/sdk/errors\\.ts$)',
      comment: 'A definition says what happens; it loads nothing of how.',
    }),
    only('steps-are-pure', {
      from: '^statemachines/(?!dsl/)([^/]+)/(?!workflow\\.ts$)',
      allowed: '^(statemachines/(dsl|$1)/|core/|drivers/sdk/)',
      comment: 'Steps turn plans into calls and answers into changes.',
    }),
    only('routes-know-core', {
      from: '^functions/http/(?!.*entry\\.ts$)',
      allowed: '^(functions/http/|core/|drivers/(sdk|registry\\.ts$)|statemachines/registry\\.ts$)',
      comment: 'Handlers take their ports as arguments; only an entry composes the platform.',
    }),
    only('platform-implements-ports', {
      from: '^platform/',
      allowed: '^(platform|core|drivers/sdk)/',
      comment: 'The platform implements the ports of core.',
    }),
    only('cdk-loads-declarations', {
      from: '^cdk/',
      allowed:
        '^(cdk/|statemachines/(dsl/|registry\\.ts$|[^/]+/workflow\\.ts$)|functions/http/.*|drivers/registry\\.ts$|core/limits\\.ts$)',
      comment: 'Synth loads lists and definitions, never an entry.',
    }),
    { name: 'cdk-never-loads-an-entry', severity: 'error', from: { path: '^cdk/' }, to: { path: entries } },
    only('local-runs-the-assembly', {
      from: '^local/',
      allowed: '^(local/|cdk/app\\.ts$|core/limits\\.ts$|drivers/registry\\.ts$)',
      comment: 'The one-machine host runs what was synthesized.',
    }),
    only('functions-compose', {
      from: '^functions/(control|events|driver|doctor)/',
      allowed: '^(functions/|core/|platform/|statemachines/|drivers/(sdk/|registry\\.ts$))',
      comment: 'Functions compose core, platform and declarations; a driver comes in through its bundle.',
    }),
    { name: 'platform-only-in-entries', severity: 'error', from: { path: '^functions/', pathNot: entries }, to: { path: '^platform/' } },
    {
      name: 'aws-sdk-only-in-platform',
      severity: 'error',
      from: { pathNot: '^(platform/aws|test)/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'cdk-lib-only-in-cdk',
      severity: 'error',
      from: { pathNot: '^(cdk|test)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    { name: 'nobody-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'product-ships-dependencies-only',
      severity: 'error',
      comment: 'What is bundled into functions comes from dependencies, never from devDependencies.',
      from: { path: '^(core|drivers|functions|platform|statemachines)/', pathNot: '/(simulator|conformance)/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(cdk\\.out|dist|\\.cache|coverage)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
