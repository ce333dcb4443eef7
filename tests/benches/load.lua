-- What wrk sends, by the workload named after `--`, and its figures as one line of JSON.

local workload, keys

local head, tail = '{"text":"', '"}'

local function body_of(bytes)
  return head .. string.rep("x", bytes - #head - #tail) .. tail
end

-- Requests for workers 0 to count - 1, the k-th as likely as 1 / k, drawn beforehand: drawing takes a search.
local function zipf_requests(count)
  local sums, sum = {}, 0
  for rank = 1, count do
    sum = sum + 1 / rank
    sums[rank] = sum
  end
  local drawn = {}
  for index = 1, 65536 do
    local point = math.random() * sum
    local low, high = 1, count
    while low < high do
      local middle = math.floor((low + high) / 2)
      if sums[middle] < point then low = middle + 1 else high = middle end
    end
    drawn[index] = wrk.format(nil, "/w" .. (low - 1) .. "/")
  end
  return drawn
end

function init(args)
  workload, keys = args[1], tonumber(args[2])
  math.randomseed(os.time())
  if workload == "echo" then
    wrk.headers["content-type"] = "application/json"
    wrk.method, wrk.body = "POST", body_of(1024)
  elseif workload == "upload" then
    wrk.method, wrk.body = "POST", string.rep("x", 10 * 1024 * 1024)
  end
  if workload == "kv-get" then
    request = function()
      return wrk.format(nil, "/key-" .. math.random(0, keys - 1))
    end
  elseif workload == "kv-put" then
    -- Each value is another one: SQLite writes nothing where the value is the one that it has.
    local rest, turn = string.rep("x", 1024 - #head - #tail - 16) .. tail, math.random(0, 2 ^ 30) * 2 ^ 20
    request = function()
      turn = turn + 1
      return wrk.format("PUT", "/key-" .. math.random(0, keys - 1), nil, head .. string.format("%016.0f", turn) .. rest)
    end
  elseif workload == "zipf" then
    local requests, turn = zipf_requests(keys), 0
    request = function()
      turn = turn % #requests + 1
      return requests[turn]
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"bytes":%.0f,"seconds":%f,"p50_ms":%f,"p99_ms":%f,"errors":%s}\n',
    summary.requests,
    summary.bytes,
    summary.duration / 1e6,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    string.format(
      '{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}',
      errors.connect, errors.read, errors.write, errors.status, errors.timeout
    )
  ))
end
