"""What runs the shards of a build. In: tasks. Out: counts. One module an engine behind one table.

An engine is a module with ``run(tasks, setting, …) -> Iterator[ShardCounts]``: `local` runs tasks in processes of this
machine. What a task does is in `shards`, the same for every engine, so that every engine gives the same bytes.
"""

from __future__ import annotations
