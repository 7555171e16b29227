// Runs a Node.js function: finds its handler, asks the Runtime API for invocations, calls the
// handler, and tells what it returned. The contract is the one of AWS Lambda's Node.js runtimes.
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import util from "node:util";

const [apiHost, apiPort] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const taskRoot = process.env.LAMBDA_TASK_ROOT;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1, noDelay: true });

// ---- the Runtime API

function call(method, what, headers, body) {
  return new Promise((resolve, reject) => {
    const options = {
      agent,
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      host: apiHost,
      method,
      path: "/2018-06-01/runtime/" + what,
      port: apiPort,
    };
    const request = http.request(options, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => resolve({ body: Buffer.concat(parts), headers: response.headers }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

function post(what, body, headers = {}) {
  return call("POST", what, { "Content-Type": "application/json", ...headers }, body);
}

// ---- the log: a line a message, with the breaks within it as carriage returns

let requestId;

function log(level, message) {
  const line = `${new Date().toISOString()}\t${requestId}\t${level}\t${message}`;
  const bytes = Buffer.from(line.replace(/\r?\n/g, "\r") + "\n");
  for (let written = 0; written < bytes.length; ) {
    try {
      written += fs.writeSync(1, bytes, written);
    } catch (error) {
      if (error.code !== "EAGAIN") return;
    }
  }
}

const levels = {
  trace: "TRACE",
  debug: "DEBUG",
  log: "INFO",
  info: "INFO",
  warn: "WARN",
  error: "ERROR",
};
for (const [name, level] of Object.entries(levels)) {
  console[name] = (...values) => log(level, util.format(...values));
}

// ---- errors

function describe(error) {
  if (!(error instanceof Error) && !util.types.isNativeError(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: error.name ?? "Error",
    errorMessage: error.message ?? "",
    trace: (error.stack ?? "").split("\n"),
  };
}

function logError(title, error) {
  const { errorType, errorMessage, trace } = describe(error);
  const own = error instanceof Error ? { ...error } : {};
  let text;
  try {
    text = JSON.stringify({ errorType, errorMessage, ...own, stack: trace });
  } catch {
    text = JSON.stringify({ errorType, errorMessage, stack: trace });
  }
  log("ERROR", `${title}\t${text}`);
}

function runtimeError(name, message) {
  const error = new Error(message);
  error.name = "Runtime." + name;
  error.stack = `${error.name}: ${message}`;
  return error;
}

async function postError(what, error) {
  const described = describe(error);
  await post(what, JSON.stringify(described), {
    "Lambda-Runtime-Function-Error-Type": described.errorType,
  });
}

// An error that nobody has caught ends the instance, and the invocation with it.
async function die(title, error, status) {
  logError(title, error);
  try {
    const what = requestId ? `invocation/${requestId}/error` : "init/error";
    // The connection is taken when the event loop was blocked by a call: another one, then.
    agent.destroy();
    await postError(what, error);
  } finally {
    process.exit(status);
  }
}

process.on("uncaughtException", (error) => die("Uncaught Exception ", error, 129));
process.on("unhandledRejection", (reason) => {
  const error = runtimeError("UnhandledPromiseRejection", String(reason));
  if (reason instanceof Error) error.stack = `${error.name}: ${reason.stack}`;
  die("Unhandled Promise Rejection ", error, 128);
});

// ---- the handler

function findFile(base) {
  for (const extension of ["", ".js", ".mjs", ".cjs"]) {
    const stat = fs.statSync(base + extension, { throwIfNoEntry: false });
    if (stat?.isFile()) return base + extension;
  }
  return undefined;
}

function isModule(file) {
  if (file.endsWith(".mjs")) return true;
  if (!file.endsWith(".js")) return false;
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const description = path.join(directory, "package.json");
    if (fs.existsSync(description)) {
      try {
        return JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
      } catch {
        return false;
      }
    }
    if (directory === taskRoot || directory === path.dirname(directory)) return false;
  }
}

async function loadFile(name) {
  const require = createRequire(path.join(taskRoot, "/"));
  const file = findFile(path.resolve(taskRoot, name));
  if (file) return isModule(file) ? import(pathToFileURL(file).href) : require(file);
  // A package of node_modules.
  return require(require.resolve(name, { paths: [taskRoot] }));
}

async function load(name) {
  try {
    return await loadFile(name);
  } catch (error) {
    if (error instanceof SyntaxError) {
      const syntax = runtimeError("UserCodeSyntaxError", String(error));
      syntax.stack = `${syntax.name}: ${error.stack}`;
      throw syntax;
    }
    if (["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"].includes(error?.code)) {
      throw runtimeError("ImportModuleError", String(error));
    }
    throw error;
  }
}

async function findHandler(handler) {
  const directory = path.dirname(handler);
  const match = /^([^.]*)\.(.+)$/.exec(path.basename(handler));
  if (!match || handler.includes("..")) throw runtimeError("MalformedHandlerName", "Bad handler");
  const loaded = await load(path.join(directory, match[1]));
  const steps = match[2].split(".");
  const walk = (from) => steps.reduce((object, step) => object?.[step], from);
  const found = walk(loaded) ?? walk(loaded?.default);
  if (found === undefined) {
    throw runtimeError("HandlerNotFound", `${handler} is undefined or not exported`);
  }
  if (typeof found !== "function") {
    throw runtimeError("HandlerNotFound", `${handler} is not a function`);
  }
  return found;
}

// ---- invocations

function contextOf(headers) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const json = (text) => (text ? JSON.parse(text) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: json(headers["lambda-runtime-client-context"]),
    identity: json(headers["lambda-runtime-cognito-identity"]),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// Called when nothing is left to do but to answer.
let onEmptyEventLoop = () => {};
process.on("beforeExit", () => onEmptyEventLoop());

// What the handler returns, as a promise or not; or what it gives its callback, or context.done(),
// succeed() or fail(), of older code. A handler that does neither has answered when there is
// nothing more to do.
function run(handler, event, context) {
  return new Promise((resolve, reject) => {
    onEmptyEventLoop = () => resolve(null);
    const callback = (error, value) => {
      if (error !== undefined && error !== null) reject(error);
      else if (context.callbackWaitsForEmptyEventLoop) onEmptyEventLoop = () => resolve(value);
      else resolve(value);
    };
    context.done = callback;
    context.fail = (error) => callback(error ?? new Error("handled"));
    context.succeed = (value) => callback(null, value);
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(resolve, reject);
    else if (handler.length < 3 && returned !== undefined) resolve(returned);
  });
}

function serialize(value) {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch (error) {
    throw runtimeError("MarshalError", `Unable to stringify response body: ${error.message}`);
  }
}

async function serve(handler, invocation) {
  const context = contextOf(invocation.headers);
  requestId = context.awsRequestId;
  process.env._X_AMZN_TRACE_ID = invocation.headers["lambda-runtime-trace-id"] ?? "";
  try {
    const event = JSON.parse(invocation.body.toString("utf8"));
    const body = serialize(await run(handler, event, context));
    await post(`invocation/${requestId}/response`, body);
  } catch (error) {
    logError("Invoke Error ", error);
    await postError(`invocation/${requestId}/error`, error);
  }
}

async function main() {
  let handler;
  try {
    handler = await findHandler(process.env._HANDLER);
  } catch (error) {
    logError("Init Error ", error);
    await postError("init/error", error);
    process.exit(1);
  }
  for (;;) await serve(handler, await call("GET", "invocation/next", {}, ""));
}

await main();
