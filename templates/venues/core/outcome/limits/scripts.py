# Edited in templates/venues/core/outcome/limits/scripts.py; the copy in generated/ is imported.
"""What Redis does to count: in one step, so that no other client comes in between, and by its own clock, which all machines share."""

from __future__ import annotations

TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local blocks = tonumber(ARGV[1])
local wait = 0
for i = 1, blocks do
  wait = math.max(wait, redis.call('PTTL', KEYS[i]))
end
if wait > 0 then return wait end
-- Each window is a list of times, the youngest first, one for each unit that was taken.
for i = blocks + 1, #KEYS do
  local at = 2 + (i - blocks - 1) * 3
  local amount, long, taken = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local entry = redis.call('LINDEX', KEYS[i], amount - taken)
  if entry then wait = math.max(wait, entry + long - now) end
end
if wait > 0 then return wait end
for i = blocks + 1, #KEYS do
  local at = 2 + (i - blocks - 1) * 3
  for _ = 1, ARGV[at + 2] do redis.call('LPUSH', KEYS[i], string.format('%.0f', now)) end
  redis.call('LTRIM', KEYS[i], 0, ARGV[at] - 1)
  redis.call('PEXPIRE', KEYS[i], ARGV[at + 1])
end
return 0
"""
"""Takes from all windows, or from none, and returns the milliseconds until there is room.

Keys: whose blocks count, then windows. Arguments: how many blocks; then, of each window, what it holds, for how many
milliseconds, and what is taken.
"""
USED = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local amount, long, used = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local counted, oldest = 0, 0
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if entry + long <= now then break end
  counted, oldest = counted + 1, entry + long - now
end
local missing = math.min(used, amount) - counted
if missing > 0 then
  for _ = 1, missing do redis.call('LPUSH', KEYS[1], string.format('%.0f', now)) end
  redis.call('LTRIM', KEYS[1], 0, amount - 1)
  redis.call('PEXPIRE', KEYS[1], long)
end
return {counted, oldest}
"""
"""Raises a window to what the exchange says is used (0 changes nothing); returns what was counted before, and the
milliseconds until the oldest of that counts no more.

Key: the window. Arguments: what it holds, for how many milliseconds, and what is used.
"""
BLOCK = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
"""
"""Blocks an owner, unless it is blocked for longer. Argument: milliseconds."""
