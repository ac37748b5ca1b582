"""How a build is spread over processes and machines. In: sources. Out: records read, works in shards, shards tagged.

Each stage is a list of independent tasks, values that can be sent anywhere; a task reads its own range of the input, writes
its own files (under another name first, then renamed), and gives back counts, never tags. So a task that is repeated does
no harm, one that was done is not done again, and the result does not depend on how many processes there are.

========== ================================================== ==================================
stage      task → function                                    what comes back
========== ================================================== ==================================
read       `ranges.ReadTask` → `ranges.read_range`            `ranges.RangeCounts`
shard      all records → `gather.gather`                      `gather.Gathered`
tag        `shards.TagTask` → `shards.tag_shard`              `shards.ShardCounts`
========== ================================================== ==================================

`local` runs tasks in this process or in several; `spark` on a cluster.
"""
