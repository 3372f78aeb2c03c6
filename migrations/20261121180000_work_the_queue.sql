-- Working the queue: who holds a job and until when, what went wrong, and where finished jobs are kept.

alter table job
    -- Names the holder: only who knows it settles the job. One for each claim, so that an earlier holder,
    -- however late, changes nothing.
    add column lease_token uuid,
    -- When the holder, unless it says otherwise before, counts as dead.
    add column leased_until timestamptz,
    add column attempted_at timestamptz,
    -- [{"at", "attempt", "error"}]
    add column errors jsonb not null default '[]',
    add constraint job_lease check ((state = 'running') = (lease_token is not null and leased_until is not null));

-- Claiming, in the order in which jobs are due.
create index job_due on job (tenant_id, lane, scheduled_at, id) where state in ('available', 'retryable', 'scheduled');
-- What is being worked. Without leased_until, so that saying "still alive" writes no index.
create index job_running on job (tenant_id, kind, ticket_id) where state = 'running';

-- Every job is written three times and then gone: its table is mostly dead rows unless they are cleared away early.
alter table job set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

-- Finished jobs, out of the way of those that wait.
create table job_history (
    tenant_id bigint not null,
    id bigint not null,
    kind text not null,
    ticket_id bigint not null,
    scope text[] not null,
    lane text not null,
    state text not null check (state in ('completed', 'cancelled', 'discarded')),
    attempt integer not null,
    max_attempts integer not null,
    scheduled_at timestamptz not null,
    created_at timestamptz not null,
    attempted_at timestamptz,
    finalized_at timestamptz not null,
    errors jsonb not null,
    primary key (tenant_id, id)
);
-- Forgetting the oldest.
create index job_history_finalized on job_history (tenant_id, finalized_at);

alter table job_history enable row level security;
alter table job_history force row level security;
create policy tenant on job_history to tessera_app using (tenant_id = current_setting('app.tenant_id')::bigint);
-- A worker finishes its job in the transaction of the job's own work.
grant select, insert on job_history to tessera_app;

-- The workers serve every tenant.
create policy queue on job to tessera_system using (true);
create policy queue on job_history to tessera_system using (true);
grant select, insert, update, delete on job to tessera_system;
grant select, insert, delete on job_history to tessera_system;
