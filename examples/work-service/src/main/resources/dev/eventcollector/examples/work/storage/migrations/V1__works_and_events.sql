create table works (
  id          serial       primary key,
  work_code   varchar(50)  not null unique,
  add_up_to   integer      not null,
  done        boolean      not null default false,
  result      bigint,
  created_on  timestamptz  not null default now(),
  updated_on  timestamptz  not null default now()
);

-- The collation in which a prefix is a range.
create index works_by_prefix_of_code on works (work_code collate "C");
create index works_to_do on works (id) where not done;

create table events (
  id          serial       primary key,
  work_code   varchar(50)  not null references works (work_code),
  variable    varchar(100) not null,
  value       varchar(100) not null,
  created_on  timestamptz  not null default now()
);

create index events_by_work on events (work_code);
