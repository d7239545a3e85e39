package dev.sessionpublish.embedded.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the error channel says at the end of an exec. */
final class ExecStatus {
    private ExecStatus() {}

    static ObjectNode success() {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        return status.put("status", "Success");
    }

    static ObjectNode ofExitCode(int code) {
        if (code == 0) {
            return success();
        }
        ObjectNode status = Json.object();
        status.putObject("metadata");
        status.put("status", "Failure");
        status.put("message", "command terminated with non-zero exit code: command terminated with exit code " + code);
        status.put("reason", "NonZeroExitCode");
        cause(status).put("reason", "ExitCode").put("message", Integer.toString(code));
        return status;
    }

    static ObjectNode internalError(String why) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        status.put("status", "Failure");
        status.put("message", "Internal error occurred: " + why);
        status.put("reason", "InternalError");
        cause(status).put("message", why);
        return status.put("code", 500);
    }

    private static ObjectNode cause(ObjectNode status) {
        return status.putObject("details").putArray("causes").addObject();
    }
}
