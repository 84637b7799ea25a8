-- The requests that script/bench has wrk send, and what it says of the answers, as one line:
--   result REQUESTS_PER_SECOND P50 P99 BUSY REQUESTS WRONG
-- in milliseconds; BUSY is the share of 503, WRONG the number of other errors. After `--` wrk is told what to send:
--   (nothing)               the URL as it is
--   sessions FILE           the URL with the sessions in the file in turn, one id in hex a line, opened by no secret but zeros;
--                           each comes from an address of its own, for a server that trusts us as its proxy
--   cookies FILE            the URL with the cookies in the file in turn, one NAME=VALUE a line
--   log-ins USERS PASSWORD  a log-in of user1, user2 … in turn

local requests, sent, threads = {}, 0, {}
busy = 0

local base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
local function digit(n) return base64url:sub(n + 1, n + 1) end

-- 32 hex digits, filled up to three for each two of base64url
local function public_id(hex)
  return ((hex .. "0"):gsub("...", function(three)
    local n = tonumber(three, 16)
    return digit(math.floor(n / 64)) .. digit(n % 64)
  end))
end

function setup(thread) table.insert(threads, thread) end

function init(args)
  if args[1] == "sessions" then
    for id in io.lines(args[2]) do
      wrk.headers["Cookie"] = "__Host-session=" .. public_id(id) .. "." .. ("A"):rep(43)
      wrk.headers["X-Forwarded-For"] = string.format("10.0.%d.%d", math.floor(#requests / 250), #requests % 250 + 1)
      table.insert(requests, wrk.format())
    end
  elseif args[1] == "cookies" then
    for cookie in io.lines(args[2]) do
      wrk.headers["Cookie"] = cookie
      table.insert(requests, wrk.format())
    end
  elseif args[1] == "log-ins" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.headers["Accept"] = "application/json"
    for user = 1, tonumber(args[2]) do
      table.insert(requests, wrk.format(nil, nil, nil, "username=user" .. user .. "&password=" .. args[3]))
    end
    function response(status)
      if status == 503 then busy = busy + 1 end
    end
  else
    table.insert(requests, wrk.format())
  end
end

function request()
  sent = sent + 1
  return requests[sent % #requests + 1]
end

function done(summary, latency)
  local errors, refused = summary.errors, 0
  for _, thread in ipairs(threads) do refused = refused + thread:get("busy") end
  local wrong = errors.connect + errors.read + errors.write + errors.timeout + errors.status - refused
  io.write(string.format("result %.1f %.3f %.3f %.4f %d %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, refused / math.max(summary.requests, 1), summary.requests, wrong))
end
