-- What wrk sends, by the workload named after `--`, and its figures as one line of JSON.

local workload, keys

local function body_of(bytes)
  local head, tail = '{"text":"', '"}'
  return head .. string.rep("x", bytes - #head - #tail) .. tail
end

function init(args)
  workload, keys = args[1], tonumber(args[2])
  math.randomseed(os.time())
  wrk.headers["content-type"] = "application/json"
  if workload == "echo" then
    wrk.method, wrk.body = "POST", body_of(1024)
  elseif workload == "kv-put" then
    wrk.method, wrk.body = "PUT", body_of(1024)
  end
  if workload == "kv-get" or workload == "kv-put" then
    request = function()
      return wrk.format(nil, "/key-" .. math.random(0, keys - 1))
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"p50_ms":%f,"p99_ms":%f,"errors":%d}\n',
    summary.requests,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
