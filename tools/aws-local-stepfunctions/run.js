// Runs state machines with given answers to their tasks, through
// aws-local-stepfunctions, and says which way they went.
//
// Standard input is an array of cases: {definition, input, context, answers},
// where answers are lists by the name of a Task state: {output} or {error, cause},
// the last of which stands for all further attempts. Standard output is an array
// of {status, output, error, path} in the same order.

// The package asks for Node.js 22 because of this one function.
Promise.withResolvers ??= () => {
  const deferred = {};
  deferred.promise = new Promise((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};

const { StateMachine } = await import('aws-local-stepfunctions');

class TaskError extends Error {
  constructor({ error, cause }) {
    super(cause);
    this.name = error;
  }
}

function walk(part, visit) {
  for (const [name, state] of Object.entries(part.States)) {
    visit(name, state);
    for (const inner of [...(state.Branches ?? []), state.ItemProcessor, state.Iterator]) {
      if (inner) walk(inner, visit);
    }
  }
}

async function run({ definition, input, context, answers }) {
  const overrides = { taskResourceLocalHandlers: {}, waitTimeOverrides: {}, retryIntervalOverrides: {} };
  walk(definition, (name, state) => {
    if (state.Type === 'Wait') overrides.waitTimeOverrides[name] = 0;
    if (state.Retry) overrides.retryIntervalOverrides[name] = 0;
    if (state.Type !== 'Task') return;
    let attempts = 0;
    overrides.taskResourceLocalHandlers[name] = async () => {
      const list = answers?.[name] ?? [{ output: {} }];
      const answer = list[Math.min(attempts++, list.length - 1)];
      if (answer.error) throw new TaskError(answer);
      return structuredClone(answer.output ?? null);
    };
  });
  // Definitions of service integrations and task tokens are valid, though the
  // package's own check of paths does not know the Context object's Task.
  const machine = new StateMachine(definition, { validationOptions: { checkPaths: false } });
  const execution = machine.run(input, { overrides, context });
  const outcome = execution.result.then(
    (output) => ({ status: 'SUCCEEDED', output }),
    // What a run of the package fails with wraps the error of the state.
    (e) => ({ status: 'FAILED', error: e.cause?.name && e.name === 'ExecutionError' ? e.cause.name : e.name, message: String(e.message) }),
  );
  const path = [];
  for await (const event of execution.eventLogs) {
    if (event.type === 'StateEntered') path.push(event.state.name);
  }
  return { ...(await outcome), path };
}

let text = '';
for await (const chunk of process.stdin) text += chunk;
const results = [];
for (const one of JSON.parse(text)) {
  results.push(await run(one).catch((e) => ({ status: 'REFUSED', message: String(e.message ?? e) })));
}
process.stdout.write(JSON.stringify(results));
