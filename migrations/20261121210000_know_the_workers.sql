-- Which processes work the queue, and until when each counts as alive: whoever is not heard of any more is noticed
-- without a look through the running jobs, whose index keeps an entry of every job for as long as anybody's snapshot
-- is older. One row a process, of no tenant.
create table worker (
    name text primary key,
    alive_until timestamptz not null
);
grant select, insert, update, delete on worker to tessera_system;
