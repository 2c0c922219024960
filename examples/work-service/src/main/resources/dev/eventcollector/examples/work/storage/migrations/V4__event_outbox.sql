-- The tables of event-collector's outbox, version 1, for PostgreSQL 12 or newer.
-- Rows live for milliseconds: vacuum after a number of dead rows instead of a share of the table.
create table if not exists event_outbox (
  owner bigint not null,
  n bigint not null,
  id varchar(255) not null,
  queue varchar(255) not null,
  stored_at bigint not null,
  properties bytea,
  body bytea not null,
  primary key (owner, n)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);

create table if not exists event_outbox_owner (
  owner bigint not null primary key,
  name varchar(255) not null,
  holder bigint not null,
  alive_until bigint not null
);

create table if not exists event_outbox_parked (
  owner bigint not null,
  n bigint not null,
  id varchar(255) not null,
  queue varchar(255) not null,
  stored_at bigint not null,
  properties bytea,
  body bytea not null,
  parked_at bigint not null,
  attempts integer not null,
  reason varchar(1000) not null,
  primary key (owner, n)
);

-- The inbox: deliveries whose work was committed. Names are bytes of UTF-8, so that they are compared as such.
create table if not exists event_inbox (
  queue bytea not null,
  id bytea not null,
  completed_at bigint not null,
  primary key (queue, id)
);

create index if not exists event_inbox_completed_at on event_inbox (completed_at);
