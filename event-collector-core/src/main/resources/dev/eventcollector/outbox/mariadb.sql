-- The tables of event-collector's outbox, version 1, for MariaDB 10.6 or newer and MySQL 8 or newer.
-- Ids and queue names are compared as bytes.
create table if not exists event_outbox (
  owner bigint not null,
  n bigint not null,
  id varchar(255) not null,
  queue varchar(255) not null,
  stored_at bigint not null,
  properties longblob,
  body longblob not null,
  primary key (owner, n)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table if not exists event_outbox_owner (
  owner bigint not null primary key,
  name varchar(255) not null,
  holder bigint not null,
  alive_until bigint not null
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table if not exists event_outbox_parked (
  owner bigint not null,
  n bigint not null,
  id varchar(255) not null,
  queue varchar(255) not null,
  stored_at bigint not null,
  properties longblob,
  body longblob not null,
  parked_at bigint not null,
  attempts integer not null,
  reason varchar(1000) not null,
  primary key (owner, n)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- The inbox: deliveries whose work was committed. Names are bytes of UTF-8, so that they are compared as such.
create table if not exists event_inbox (
  queue varbinary(255) not null,
  id varbinary(255) not null,
  completed_at bigint not null,
  primary key (queue, id),
  key event_inbox_completed_at (completed_at)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;
