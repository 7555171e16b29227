"""Runs a Python function: finds its handler, asks the Runtime API for invocations, calls the
handler, and tells what it returned. The contract is the one of AWS Lambda's Python runtimes."""

import decimal
import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
RUNTIME = "/2018-06-01/runtime/"


class RuntimeApi:
    """The connection, kept alive; made again when it was closed."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def call(self, method, what, body=None, headers=None):
        try:
            self.connection.request(method, RUNTIME + what, body, headers or {})
            response = self.connection.getresponse()
            return response.headers, response.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise

    def next(self):
        return self.call("GET", "invocation/next")

    def respond(self, request_id, body):
        self.call("POST", f"invocation/{request_id}/response", body)

    def fail(self, what, error):
        headers = {"Lambda-Runtime-Function-Error-Type": error["errorType"]}
        self.call("POST", what, json.dumps(error).encode(), headers)


class RequestIdFilter(logging.Filter):
    request_id = ""

    def filter(self, record):
        record.aws_request_id = RequestIdFilter.request_id
        return True


class LogHandler(logging.Handler):
    """A line a message, with the breaks within it as carriage returns."""

    def emit(self, record):
        write_line(self.format(record))


def write_line(text):
    sys.stdout.write(text.rstrip("\n").replace("\n", "\r") + "\n")
    sys.stdout.flush()


def set_up_logging():
    handler = LogHandler()
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
        "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)


class RuntimeFault(Exception):
    """An error of the runtime's own, such as a handler that is not there."""

    def __init__(self, name, message, trace=()):
        super().__init__(message)
        self.type = "Runtime." + name
        self.trace = list(trace)


def describe(error):
    if isinstance(error, RuntimeFault):
        described = {"errorMessage": str(error), "errorType": error.type}
        trace = error.trace
    else:
        described = {"errorMessage": str(error), "errorType": type(error).__name__}
        frames = traceback.extract_tb(error.__traceback__)
        trace = traceback.format_list([f for f in frames if f.filename != __file__])
    if RequestIdFilter.request_id:
        described["requestId"] = RequestIdFilter.request_id
    described["stackTrace"] = trace
    return described


def log_error(described):
    lines = [f"[ERROR] {described['errorType']}: {described['errorMessage']}"]
    if described["stackTrace"]:
        lines += ["Traceback (most recent call last):"]
        lines += [entry.rstrip("\n") for entry in described["stackTrace"]]
    write_line("\n".join(lines))


def load(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise RuntimeFault("ImportModuleError",
                           f"Unable to import module '{name}': {error}") from error
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise RuntimeFault("UserCodeSyntaxError", f"Syntax error in module '{name}': {error}",
                           trace) from error


def find_handler(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise RuntimeFault("MalformedHandlerName", f"Bad handler '{handler}': {error}") from error
    module = load(module_name.replace("/", "."))
    if not hasattr(module, function_name):
        raise RuntimeFault("HandlerNotFound",
                           f"Handler '{function_name}' missing on module '{module_name}'")
    return getattr(module, function_name)


class Members:
    """An object of what a JSON object holds."""

    def __init__(self, members):
        self.__dict__.update(members)


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = Members({"cognito_identity_id": None, "cognito_identity_pool_id": None})
        self.client_context = None
        client = headers["Lambda-Runtime-Client-Context"]
        if client:
            parsed = json.loads(client)
            self.client_context = Members({"custom": parsed.get("custom"),
                                           "env": parsed.get("env"),
                                           "client": Members(parsed.get("client") or {})})
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))


def to_plain(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def serialize(value):
    try:
        return json.dumps(value, ensure_ascii=False, default=to_plain).encode()
    except (TypeError, ValueError) as error:
        raise RuntimeFault("MarshalError", f"Unable to marshal response: {error}") from error


def serve(api, handler):
    headers, body = api.next()
    context = Context(headers)
    RequestIdFilter.request_id = context.aws_request_id
    os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"] or ""
    try:
        result = serialize(handler(json.loads(body), context))
    except Exception as error:  # whatever the function raises is its answer
        described = describe(error)
        log_error(described)
        api.fail(f"invocation/{context.aws_request_id}/error", described)
        return
    api.respond(context.aws_request_id, result)


def main():
    sys.path.insert(0, TASK_ROOT)
    set_up_logging()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = find_handler(os.environ["_HANDLER"])
    except Exception as error:  # of the function's own code, too
        described = describe(error)
        log_error(described)
        api.fail("init/error", described)
        sys.exit(1)
    while True:
        serve(api, handler)


if __name__ == "__main__":
    # The directory of this file is not the function's.
    del sys.path[0]
    main()
